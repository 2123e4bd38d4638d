import { describe, expect, it } from "vitest";
import { expectClose } from "../test/matchers.ts";
import { randomValues } from "../test/values.ts";
import { type AttentionDims, attentionWeights, causalAttention } from "./causal-attention.ts";

describe("by hand", () => {
  // One row, two tokens, two heads of width 4; the scores are divided by sqrt(4) = 2.
  const dims = { batch: 1, num_tokens: 2, cache_len: 0, n_heads: 2, head_dim: 4 };
  const ln3 = 2 * Math.log(3); // becomes ln 3 after the division
  const q = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]; // [1, 2, 8]
  const k = [0, 0, 0, 0, ln3, 0, 0, 0, ln3, 0, 0, 0, 0, ln3, 0, 0];
  const v = [1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 30, 40, 50, 60, 70, 80];
  // Scores [key 0, key 1]: head 0: (0, ln 3), (0, ln 3); head 1: (ln 3, 0), (0, ln 3).

  it("gives later keys no weight under the causal mask", () => {
    const weights = attentionWeights(q, k, dims, "causal");
    expectClose(weights, [1, 0, 0.25, 0.75, 1, 0, 0.25, 0.75], { abs: 1e-15 });
    expect([weights[1], weights[5]]).toEqual([0, 0]);
  });

  it("shows every key to every query without a mask", () => {
    const weights = attentionWeights(q, k, dims, "none");
    expectClose(weights, [0.25, 0.75, 0.25, 0.75, 0.75, 0.25, 0.25, 0.75], { abs: 1e-15 });
  });

  it("mixes each head's values by its own weights", () => {
    const causal = causalAttention(q, k, v, dims, "causal");
    const mixed = [7.75, 15.5, 23.25, 31, 38.75, 46.5, 54.25, 62]; // v0 / 4 + 3 v1 / 4
    expectClose(causal, [...v.slice(0, 8), ...mixed], { abs: 1e-13 });
    const none = causalAttention(q, k, v, dims, "none");
    const other = [7.75, 15.5, 23.25, 31, 16.25, 19.5, 22.75, 26]; // head 1 of token 0: 3 v0 / 4 + v1 / 4
    expectClose(none, [...other, ...mixed], { abs: 1e-13 });
  });

  it("drops weights after the softmax, without sharing 1 out anew", () => {
    const keep = [1, 1, 0, 1, 0, 1, 1, 1]; // [1, 2, 2, 2]
    const y = causalAttention(q, k, v, dims, "causal", { keep, rate: 0.5 });
    const token0 = [2, 4, 6, 8, 0, 0, 0, 0];
    const token1 = [15, 30, 45, 60, 77.5, 93, 108.5, 124];
    expectClose(y, [...token0, ...token1], { abs: 1e-13 });
  });
});

describe("with random values", () => {
  const dims: AttentionDims = { batch: 2, num_tokens: 5, cache_len: 0, n_heads: 3, head_dim: 4 };
  const emb_dim = 12;
  const [q, k, v] = [1, 2, 3].map((seed) => randomValues(2 * 5 * emb_dim, seed));

  it.each(["causal", "none"] as const)("gives each query weights that sum to 1 (%s)", (mask) => {
    const weights = attentionWeights(q, k, dims, mask);
    for (let row = 0; row < weights.length / 5; row++) {
      const sum = weights.subarray(row * 5, row * 5 + 5).reduce((a, b) => a + b);
      expect(sum).toBeCloseTo(1, 13);
    }
  });

  it("does not look ahead under the causal mask, and does without", () => {
    const changed = (values: Float32Array) =>
      values.map((x, i) => (i % (5 * emb_dim) < 3 * emb_dim ? x : x + 1));
    const first3 = (y: Float64Array) =>
      [0, 1].map((b) => [...y.slice(b * 5 * emb_dim, (b * 5 + 3) * emb_dim)]);
    const run = (mask: "causal" | "none", k2 = k, v2 = v) => first3(causalAttention(q, k2, v2, dims, mask));
    expect(run("causal", changed(k), changed(v))).toEqual(run("causal"));
    expect(run("none", changed(k), changed(v))).not.toEqual(run("none"));
  });

  it("answers the last two tokens the same from a cache of the first three", () => {
    const tail = [0, 1].flatMap((b) => [...q.slice((b * 5 + 3) * emb_dim, (b + 1) * 5 * emb_dim)]);
    const cached = causalAttention(tail, k, v, { ...dims, num_tokens: 2, cache_len: 3 }, "causal");
    const whole = causalAttention(q, k, v, dims, "causal");
    const expected = [0, 1].flatMap((b) => [...whole.slice((b * 5 + 3) * emb_dim, (b + 1) * 5 * emb_dim)]);
    expectClose(cached, expected, { abs: 1e-15 });
  });

  it("answers each row of a batch as if it stood alone", () => {
    const alone = (x: Float32Array, b: number) => x.subarray(b * 5 * emb_dim, (b + 1) * 5 * emb_dim);
    const rows = [0, 1].map((b) =>
      causalAttention(alone(q, b), alone(k, b), alone(v, b), { ...dims, batch: 1 }, "causal"),
    );
    expect([...causalAttention(q, k, v, dims, "causal")]).toEqual([...rows[0], ...rows[1]]);
  });
});
