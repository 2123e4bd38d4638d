import { describe, expect, it } from "vitest";
import { tokenizer } from "../../test/fake-backend.ts";
import type { IterationResult } from "../iteration.ts";
import { plain } from "../steps/sentence.ts";
import { outcomeSentence, scoreSentence } from "./outcome-sentence.ts";
import { Predictions, typedGuess } from "./predictions.ts";

const question = { position: 4, choices: [] };
const chosen = { id: 72, logit: 2.5, probability: 0.5 };
const second = { id: 105, logit: 1, probability: 0.25 };
const result: IterationResult = {
  top: [chosen, second],
  chosen,
  logits: { min: 0, max: 2.5, bins: [], entropy: 1, logSumExp: 3 },
  computed: 1,
  milliseconds: 1,
  isFirstOfRun: true,
  draw: undefined,
};
const visible = (id: number) => tokenizer.decode([id]);
const guess = (id: number) => ({ id, text: visible(id) });

describe("a guess", () => {
  it("that is right counts, and is told with the probability", () => {
    const predictions = new Predictions();
    const outcome = predictions.judge(question, 0, result, guess(72), tokenizer);
    expect(outcome).toMatchObject({
      position: 4,
      right: true,
      chosen: { id: 72, text: "H", probability: 0.5 },
      score: { right: 1, asked: 1 },
    });
    expect(plain(outcomeSentence(outcome, visible))).toBe("Right: H comes next. Its probability was 50.0 %.");
  });

  it("that is wrong is told with its own rank and probability", () => {
    const predictions = new Predictions();
    predictions.judge(question, 0, result, guess(72), tokenizer);
    const outcome = predictions.judge(question, 0, result, guess(105), tokenizer);
    expect(plain(scoreSentence(outcome.score))).toBe("1 of 2 right");
    expect(plain(outcomeSentence(outcome, visible))).toBe(
      "Wrong: H comes next, with a probability of 50.0 %. " +
        "Your guess, i, had 25.0 % and was number 2 of the likeliest.",
    );
    const far = predictions.judge(question, 0, result, guess(90), tokenizer);
    expect(plain(outcomeSentence(far, visible))).toMatch(/Your guess, Z, was not among the likeliest\.$/);
  });

  it("of a drawn token is told with what it was drawn with", () => {
    const draw = { id: 105, uniform: 0.9, from: 0.8, to: 1, kept: 2, min_val: 1, entropy: 1, rank: 1 };
    const drawn = { ...result, chosen: second, draw: { ...draw, temperature: 2, logSumExp: 1.5 } };
    const outcome = new Predictions().judge(question, 0, drawn, guess(72), tokenizer);
    expect(outcome.right).toBe(false);
    expect(outcome.chosen.probability).toBeCloseTo(0.2, 12);
    expect(outcome.among?.probability).toBeCloseTo(Math.exp(2.5 / 2 - 1.5), 12);
  });
});

describe("what was typed", () => {
  const words = ["cat", " cat", "⏎", "\n", " ", " sleep", "ing"];
  const byWords = {
    decode: ([id]: readonly number[]) => words[id!]!,
    *encodeInSteps(text: string): Generator<number, number[]> {
      yield 0.5;
      const first = words.filter((word) => text.startsWith(word)).sort((a, b) => b.length - a.length)[0];
      return first === undefined ? [] : [words.indexOf(first)];
    },
  };
  it.each([
    ["cat", 1, 1],
    ["cat", 0, 0],
    [" cat", 0, 0],
    ["·cat", 1, 1],
    ["cat", 5, 1],
    ["sleeping", 5, 5],
    ["⏎", 3, 3],
  ])("%j is a guess of the token, with the space or without, where %d is the answer", (text, answer, id) => {
    expect(typedGuess(text, answer, byWords)?.id).toBe(id);
  });

  it("may be nothing", () => {
    expect(typedGuess("", 1, byWords)).toBeUndefined();
    expect(typedGuess("x".repeat(100_000), 1, byWords)?.id).toBe(4);
  });
});
