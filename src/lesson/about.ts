import { parameterCount } from "../check-config.ts";
import { formatCount } from "./format.ts";
import { changesIn, seedIn } from "./models/model-config.ts";
import { code, join, type Sentence, say } from "./steps/sentence.ts";

/** What somebody who has just come sees here, in a sentence or two. @param model as in `Settings` */
export function aboutThis(model: string): Sentence {
  return join(
    say`${nameOf(model)} runs in this browser, a line of ${code("generate_text_simple")} at a time.`,
    ...weightsOf(model),
    say`See it choose each token.`,
  );
}

function nameOf(model: string): string {
  if (!model.startsWith("seed:")) return "A GPT-2";
  const source = seedIn(model);
  if (!source) return "A GPT"; // why it is refused stands elsewhere
  return changesIn(source.config).length === 0
    ? "GPT-2 (124M)"
    : `A GPT with ${formatCount(parameterCount(source.config))} parameters`;
}

function weightsOf(model: string): Sentence[] {
  if (!model.startsWith("seed:")) return [say`Its weights come from a file.`];
  const source = seedIn(model);
  return source
    ? [say`Its weights are random, as in the notebook (seed ${String(source.seed)}): its text is nonsense.`]
    : [];
}
