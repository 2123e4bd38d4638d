import { formatProbability } from "../format.ts";
import { code, join, type Sentence, say } from "../steps/sentence.ts";
import type { Outcome } from "./predictions.ts";
import type { Score } from "./question.ts";

/** Whether a guess was right, in words. @param visible how a token is written so that nothing of it is invisible */
export function outcomeSentence(
  { right, guess, chosen, among }: Outcome,
  visible: (id: number) => string,
): Sentence {
  const [next, guessed] = [chosen, guess].map(({ id }) => code(visible(id)));
  const probability = formatProbability(chosen.probability);
  if (right) return say`Right: ${next!} comes next. Its probability was ${probability}.`;
  const wrong = say`Wrong: ${next!} comes next, with a probability of ${probability}.`;
  return among
    ? join(
        wrong,
        say`Your guess, ${guessed!}, had ${formatProbability(among.probability)} and was number ${String(among.rank)} of the likeliest.`,
      )
    : join(wrong, say`Your guess, ${guessed!}, was not among the likeliest.`);
}

/** "2 of 3 right" */
export const scoreSentence = ({ right, asked }: Score): Sentence =>
  say`${String(right)} of ${String(asked)} right`;
