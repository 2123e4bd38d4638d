import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GPT_CONFIG_124M, type GPTConfig } from "../../config.ts";
import { parameters, sizeOf } from "../parameters.ts";
import { MAX_CHUNK_BYTES } from "../weight-source.ts";
import { drawsOf, planBatches, planShares, type Share } from "./plan.ts";

const small: GPTConfig = {
  ...GPT_CONFIG_124M,
  vocab_size: 50,
  context_length: 16,
  emb_dim: 8,
  n_heads: 2,
  n_layers: 1,
};

const configs = fc.record({
  vocab_size: fc.integer({ min: 16, max: 9000 }),
  context_length: fc.integer({ min: 16, max: 1024 }),
  emb_dim: fc.integer({ min: 1, max: 700 }),
  n_heads: fc.constant(1),
  n_layers: fc.integer({ min: 1, max: 3 }),
  drop_rate: fc.constant(0.1),
  qkv_bias: fc.boolean(),
});

describe("planBatches", () => {
  test("gives every value once, in order, in whole rows and at most 4 MiB", () => {
    fc.assert(
      fc.property(configs, fc.constantFrom(2 ** 17, 2 ** 19, MAX_CHUNK_BYTES), (config, maxBytes) => {
        const batches = planBatches(config, maxBytes);
        const pieces = batches.flat();
        for (const batch of batches) {
          expect(batch.reduce((sum, { length }) => sum + 4 * length, 0)).toBeLessThanOrEqual(
            Math.max(maxBytes, 2 * 16 * 4 * config.emb_dim),
          );
        }
        for (const parameter of parameters(config)) {
          const size = sizeOf(parameter.shape);
          let next = 0;
          while (next < size) {
            const piece = pieces.shift()!;
            expect(piece).toMatchObject({ parameter, offset: next });
            expect(piece.length % parameter.shape.at(-1)!).toBe(0);
            next += piece.length;
            if (parameter.init === "normal") expect(next === size || piece.length % 16 === 0).toBe(true);
            if (parameter.init === "normal") expect(piece.length).toBeGreaterThanOrEqual(16);
          }
        }
        expect(pieces).toEqual([]);
      }),
    );
  });

  test("a model of fewer than 16 normals is refused", () => {
    expect(() => planBatches({ ...small, context_length: 1, emb_dim: 15 })).toThrow(
      expect.objectContaining({ code: "bad-config", message: expect.stringContaining("pos_emb.weight") }),
    );
    expect(() => planBatches({ ...small, context_length: 1, emb_dim: 16 })).not.toThrow();
  });

  test("a row larger than a chunk is refused", () => {
    expect(() => planBatches({ ...small, emb_dim: 2 ** 20 })).toThrow(
      expect.objectContaining({ code: "bad-config" }),
    );
  });
});

test("a tail of normals is drawn twice", () => {
  const draws = (vocab_size: number, emb_dim: number) =>
    planBatches({ ...small, vocab_size, emb_dim, context_length: 16, n_layers: 0 }).reduce(
      (n, b) => n + drawsOf(b),
      0,
    );
  const head = 1; // out_head draws one number a weight
  expect(draws(32, 5)).toBe(32 * 5 * (1 + head) + 16 * 5);
  expect(draws(33, 5)).toBe(33 * 5 * (1 + head) + 16 * 5 + 16);
});

describe("planShares", () => {
  test("cuts the batches without gap or overlap, with the numbers drawn before each", () => {
    fc.assert(
      fc.property(configs, fc.integer({ min: 1, max: 8 }), (config, count) => {
        const batches = planBatches(config);
        const shares = planShares(batches, Math.min(count, batches.length));
        expect(shares.length).toBeLessThanOrEqual(Math.min(count, batches.length));
        let [batch, draws] = [0, 0];
        for (const { from, batches: own, drawsBefore } of shares) {
          expect([from, drawsBefore]).toEqual([batch, draws]);
          expect(own.length).toBeGreaterThan(0);
          expect(own).toEqual(batches.slice(from, from + own.length));
          draws += own.reduce((sum, b) => sum + drawsOf(b), 0);
          batch += own.length;
        }
        expect(batch).toBe(batches.length);
      }),
    );
  });

  test("shares of the 124M model are about equal", () => {
    const batches = planBatches(GPT_CONFIG_124M);
    const cost = (share: Share) =>
      share.batches
        .flat()
        .reduce((sum, { parameter, length }) => sum + length * (parameter.init === "normal" ? 2.5 : 1), 0);
    for (const count of [2, 3, 4]) {
      const costs = planShares(batches, count).map(cost);
      expect(costs.length).toBe(count);
      expect(Math.max(...costs) / Math.min(...costs)).toBeLessThan(1.1);
    }
  });
});
