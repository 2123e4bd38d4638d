import { describe, expect, it } from "vitest";
import { flashAttention } from "../kernels/flash-attention.ts";
import type { AttentionDims, Mask } from "../reference/causal-attention.ts";
import { keepMask } from "../reference/dropout.ts";
import { dropoutDims } from "../test/dropout-dims.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedAttention } from "../test/f32-bounds.ts";
import { guarded, inCaches, unwritten, written } from "../test/guarded.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

interface Inputs {
  q: Float32Array; // [batch, num_tokens, emb_dim]
  k: Float32Array; // [batch, cache_len + num_tokens, emb_dim]
  v: Float32Array;
}

/** y [batch, num_tokens, emb_dim]. */
function run(
  build: Build,
  { q, k, v }: Inputs,
  { batch, num_tokens, cache_len, n_heads, head_dim }: AttentionDims,
  mask: Mask,
  { spare = 0, drop }: { spare?: number; drop?: { seed: number; rate: number } } = {},
): Float32Array {
  const emb_dim = n_heads * head_dim;
  const capacity = cache_len + num_tokens + spare;
  const { y } = runCpuKernel(
    build,
    flashAttention.workgroup.scalar,
    {
      q: guarded(q),
      k: guarded(inCaches(k, batch, capacity * emb_dim)),
      v: guarded(inCaches(v, batch, capacity * emb_dim)),
      cache_len: Uint32Array.of(cache_len),
      y: unwritten(q.length),
    },
    { batch, num_tokens, n_heads, head_dim, capacity, ...dropoutDims(drop?.seed ?? 1, drop?.rate ?? 0) },
    { causal: Number(mask === "causal"), dropout: Number(drop !== undefined) },
  );
  return written(y, q.length);
}

function inputs({ batch, num_tokens, cache_len, n_heads, head_dim }: AttentionDims, scale = 1): Inputs {
  const queries = batch * num_tokens * n_heads * head_dim;
  const keys = batch * (cache_len + num_tokens) * n_heads * head_dim;
  return {
    q: randomValues(queries, 1).map((value) => scale * value),
    k: randomValues(keys, 2).map((value) => scale * value),
    v: randomValues(keys, 3, { outliers: true }),
  };
}

describe.each(buildNames)("%s", (build) => {
  describe.each([
    { batch: 1, num_tokens: 1, cache_len: 0, n_heads: 1, head_dim: 1, spare: 0 },
    { batch: 2, num_tokens: 3, cache_len: 0, n_heads: 3, head_dim: 5, spare: 2 },
    { batch: 1, num_tokens: 2, cache_len: 3, n_heads: 1, head_dim: 65, spare: 1 },
    { batch: 2, num_tokens: 2, cache_len: 0, n_heads: 2, head_dim: 68, spare: 0 },
    { batch: 3, num_tokens: 4, cache_len: 4, n_heads: 1, head_dim: 3, spare: 2 }, // keys: whole rounds of four
    { batch: 1, num_tokens: 65, cache_len: 0, n_heads: 2, head_dim: 5, spare: 3 },
    { batch: 2, num_tokens: 130, cache_len: 0, n_heads: 1, head_dim: 12, spare: 0 },
    { batch: 2, num_tokens: 5, cache_len: 62, n_heads: 3, head_dim: 12, spare: 7 },
    { batch: 1, num_tokens: 1, cache_len: 63, n_heads: 12, head_dim: 64, spare: 0 },
    { batch: 3, num_tokens: 1, cache_len: 129, n_heads: 12, head_dim: 64, spare: 4 },
    { batch: 1, num_tokens: 10, cache_len: 990, n_heads: 1, head_dim: 64, spare: 24 },
    { batch: 1, num_tokens: 22, cache_len: 0, n_heads: 12, head_dim: 64, spare: 0 },
  ])("$batch x $num_tokens tokens after $cache_len, $n_heads heads of $head_dim, spare $spare", (shape) => {
    const { spare, ...dims } = shape;
    // Without a mask there is no cache: nothing before these tokens.
    it.each(dims.cache_len === 0 ? (["causal", "none"] as const) : (["causal"] as const))(
      "mask %s",
      (mask) => {
        const { q, k, v } = inputs(dims, 3);
        expectWithin(run(build, { q, k, v }, dims, mask, { spare }), boundedAttention(q, k, v, dims, mask));
      },
    );
  });

  describe("with scores from -10,000 to 10,000", () => {
    const head_dim = 4;
    const dims = { batch: 1, num_tokens: 1, cache_len: 129, n_heads: 1, head_dim };
    const v = randomValues(130 * head_dim, 3);
    const q = new Float32Array(head_dim).fill(100);

    /** Keys that give the scores: all channels the same, so a score is head_dim * 100 * channel / sqrt(head_dim). */
    const keysFor = (score: (key: number) => number) =>
      Float32Array.from(
        { length: 130 * head_dim },
        (_, i) => score(Math.floor(i / head_dim)) / (100 * Math.sqrt(head_dim)),
      );

    it.each([
      { name: "at random", score: (key: number) => 1e4 * Math.sin(key * key) },
      { name: "rising", score: (key: number) => -1e4 + (2e4 * key) / 129 },
      { name: "falling", score: (key: number) => 1e4 - (2e4 * key) / 129 },
      { name: "all low", score: () => -1e4 },
      { name: "all high", score: () => 1e4 },
      { name: "one high", score: (key: number) => (key === 64 ? 1e4 : -1e4) },
    ])("$name", ({ score }) => {
      const k = keysFor(score);
      expectWithin(run(build, { q, k, v }, dims, "causal"), boundedAttention(q, k, v, dims, "causal"));
    });

    it("in a whole batch, both masks", () => {
      const many = { batch: 2, num_tokens: 66, cache_len: 0, n_heads: 3, head_dim: 12 };
      const values = inputs(many, 70);
      for (const mask of ["causal", "none"] as const)
        expectWithin(
          run(build, values, many, mask),
          boundedAttention(values.q, values.k, values.v, many, mask),
        );
    });
  });

  describe.each(["causal", "none"] as const)("dropout of attention weights, mask %s", (mask) => {
    it.each([
      { batch: 2, num_tokens: 3, cache_len: 0, n_heads: 3, head_dim: 5, rate: 0.1 },
      { batch: 2, num_tokens: 70, cache_len: 0, n_heads: 2, head_dim: 12, rate: 0.5 },
    ])("$batch x $num_tokens tokens, $n_heads heads, rate $rate", ({ rate, ...dims }) => {
      const { batch, num_tokens, n_heads } = dims;
      const { q, k, v } = inputs(dims);
      for (const seed of [123, 0x7ffffffe]) {
        const keep = keepMask(batch * n_heads * num_tokens * num_tokens, seed, rate);
        const y = run(build, { q, k, v }, dims, mask, { drop: { seed, rate } });
        expectWithin(y, boundedAttention(q, k, v, dims, mask, { keep, rate }));
        const undropped = boundedAttention(q, k, v, dims, mask);
        expect(() => expectWithin(y, undropped), "it makes a difference").toThrow();
      }
    });
  });
});
