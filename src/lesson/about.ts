import { code, join, type Sentence, say } from "./steps/sentence.ts";

/** What somebody who has just come sees here, in a sentence or two. @param model as in `Settings` */
export function aboutThis(model: string): Sentence {
  const [, seed] = /^seed:(\d+)/.exec(model) ?? [];
  const what = say`GPT-2 (124M) runs in this browser, one line of ${code("generate_text_simple")} at a time.`;
  const weights =
    seed === undefined
      ? say`Its weights come from a file.`
      : say`Its weights are random, as in the notebook (seed ${seed}), so the text is nonsense.`;
  return join(what, weights, say`Watch it choose each token.`);
}
