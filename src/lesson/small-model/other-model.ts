import { smallStepOf } from "../models/model-source.ts";
import { examples } from "./examples.ts";

const NOTEBOOK = { model: "seed:123", prompt: "Hello, I am" };

/** What one press leads to: from any model to the small one that was trained, and from there to the notebook's. */
export interface OtherModel {
  readonly label: string;
  readonly model: string;
  readonly prompts: string[];
}

/** A prompt that was typed stays; the notebook's, of words that the small model never saw, and an example give way to each other. */
export function otherModel(model: string, prompts: readonly string[]): OtherModel {
  const [first] = examples;
  if (smallStepOf(model) === undefined)
    return {
      label: "See a small trained one",
      model: "small",
      prompts: prompts.map((prompt) => (prompt === NOTEBOOK.prompt ? first!.prompt : prompt)),
    };
  const isExample = (prompt: string) => examples.some((example) => example.prompt === prompt);
  return {
    label: "Back to the notebook's GPT-2",
    model: NOTEBOOK.model,
    prompts: prompts.map((prompt) => (isExample(prompt) ? NOTEBOOK.prompt : prompt)),
  };
}
