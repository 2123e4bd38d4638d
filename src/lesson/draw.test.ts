import { expect, it } from "vitest";
import { sample } from "../generate/sampling.ts";
import { drawnProbability, isCut } from "./draw.ts";

const logits = Float32Array.of(1, 3, -2, 2.5, 0);
const temperature = 0.5;

it.each([2, 5])("the probabilities of what top k %d leaves add up to 1, and the rest have none", (topK) => {
  const draw = { ...sample(logits, { temperature, topK, seed: 1 }, 0, 0), temperature };
  const probabilities = [...logits].map((logit) => drawnProbability(logit, draw));
  expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  expect(probabilities.filter((p) => p > 0)).toHaveLength(topK);
  expect(probabilities[3]! / probabilities[1]!).toBeCloseTo(Math.exp(-0.5 / temperature), 12);
  expect(isCut(draw, logits.length)).toBe(topK < 5);
});
