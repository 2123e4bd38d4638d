import type { PageTokenizer } from "../backend.ts";
import { chosenProbability, drawnProbability } from "../draw.ts";
import type { IterationResult } from "../iteration.ts";
import type { Choice, Prediction, Question, Score } from "./question.ts";

/** What came of it, and what is told besides. */
export interface Outcome extends Prediction {
  /** Where the guess stands among the likeliest, from 1 on, and its probability; undefined where it is not among them. */
  among: { rank: number; probability: number } | undefined;
}

/** Longer than any token that somebody would type. */
const LONGEST_GUESS = 200;

/** The questions that the element asks, and what was guessed. */
export class Predictions {
  /** The question that the element has asked; a page may have asked another one. */
  asked: Question | undefined;
  /** What came of the last guess. */
  last: Outcome | undefined;
  score: Score = { right: 0, asked: 0 };

  /** Takes a guess at `question`, of which `result` is the answer. */
  judge(
    { position }: Question,
    row: number,
    result: IterationResult,
    guess: Choice,
    tokenizer: Pick<PageTokenizer, "decode">,
  ): Outcome {
    const { top, draw, chosen } = result;
    const right = guess.id === chosen.id;
    this.score = { right: this.score.right + (right ? 1 : 0), asked: this.score.asked + 1 };
    const rank = top.findIndex(({ id }) => id === guess.id);
    const candidate = top[rank];
    const probability = candidate && (draw ? drawnProbability(candidate.logit, draw) : candidate.probability);
    this.last = {
      row,
      position,
      guess,
      chosen: {
        id: chosen.id,
        text: tokenizer.decode([chosen.id]),
        probability: chosenProbability(result),
      },
      right,
      score: this.score,
      among: probability === undefined ? undefined : { rank: rank + 1, probability },
    };
    return this.last;
  }
}

/**
 * The token that somebody means who typed `text`: the first one of it, with a space before it as words have one, or as it
 * stands. Where one of both is the answer it is that one: nobody has to type the space. Undefined where nothing was typed.
 */
export function typedGuess(
  text: string,
  answer: number,
  tokenizer: Pick<PageTokenizer, "decode" | "encodeInSteps">,
): Choice | undefined {
  const typed = text.slice(0, LONGEST_GUESS).replaceAll("⏎", "\n").replace(/^·/, " ");
  if (typed === "") return undefined;
  const spellings = typed.startsWith(" ") ? [typed, typed.slice(1)] : [` ${typed}`, typed];
  const ids = spellings.flatMap((spelling) => firstToken(spelling, tokenizer) ?? []);
  const id = ids.find((each) => each === answer) ?? ids[0]!;
  return { id, text: tokenizer.decode([id]) };
}

function firstToken(text: string, tokenizer: Pick<PageTokenizer, "encodeInSteps">): number | undefined {
  const steps = tokenizer.encodeInSteps(text);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value[0];
  }
}
