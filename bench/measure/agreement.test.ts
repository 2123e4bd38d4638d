import { describe, expect, it } from "vitest";
import { compareLogits } from "./agreement.ts";

describe("compareLogits", () => {
  it("finds no divergence between equal logits, nor where all are shifted alike", () => {
    const logits = Float32Array.of(1, 2, 3, 0, 5, -1);
    expect(compareLogits(logits, logits, 3)).toEqual({ positions: 2, kl: 0, top1: 1 });
    const { kl } = compareLogits(
      logits,
      logits.map((logit) => logit + 4),
      3,
    );
    expect(kl).toBeCloseTo(0, 12);
  });

  it("is the mean of sum p log(p / q) over the positions", () => {
    // Position 0: p = (1/2, 1/2), q = (1/4, 3/4). Position 1: equal.
    const exact = Float32Array.of(0, 0, 1, 2);
    const other = Float32Array.of(0, Math.log(3), 1, 2);
    const { kl } = compareLogits(exact, other, 2);
    expect(kl).toBeCloseTo((0.5 * Math.log(2) + 0.5 * Math.log(2 / 3)) / 2, 6);
  });

  it("counts the positions at which the best token is the same", () => {
    const exact = Float32Array.of(0, 1, 0, 1, 0, 1, 0, 1);
    const other = Float32Array.of(0, 1, 1, 0, 0, 2, 0, 9);
    expect(compareLogits(exact, other, 2).top1).toBe(0.75);
  });
});
