import { code, join, type Sentence, say } from "./steps/sentence.ts";

/** What somebody who has just come sees here, in a sentence or two. @param model as in `Settings` */
export function aboutThis(model: string): Sentence {
  const [, seed] = /^seed:(\d+)/.exec(model) ?? [];
  const what = say`A GPT-2 computes in this browser, one line of ${code("generate_text_simple")} at a time.`;
  return seed === undefined
    ? join(what, say`Its weights come from a file. Watch how each token is chosen.`)
    : join(
        what,
        say`It is ${code("GPT_CONFIG_124M")} with random weights, as the notebook starts them (seed ${seed}), so the text will be nonsense: watch how each token is chosen.`,
      );
}
