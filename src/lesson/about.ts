import { code, join, type Sentence, say } from "./steps/sentence.ts";

/** What somebody who has just come sees here, in a sentence or two. @param model as in `Settings` */
export function aboutThis(model: string): Sentence {
  const [, seed] = /^seed:(\d+)/.exec(model) ?? [];
  const name = seed === undefined ? "A GPT-2" : "GPT-2 (124M)";
  const weights =
    seed === undefined
      ? say`Its weights come from a file.`
      : say`Its weights are random, as in the notebook (seed ${seed}): its text is nonsense.`;
  return join(
    say`${name} runs in this browser, a line of ${code("generate_text_simple")} at a time.`,
    weights,
    say`See it choose each token.`,
  );
}
