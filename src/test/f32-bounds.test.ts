import { describe, expect, it } from "vitest";
import { expectWithin } from "./expect-within.ts";
import {
  boundedAttention,
  boundedGelu,
  boundedLayerNorm,
  boundedLinear,
  boundedSoftmax,
  boundedSummary,
} from "./f32-bounds.ts";
import { guarded, written } from "./guarded.ts";
import { randomIntegers } from "./integers.ts";
import { randomValues } from "./values.ts";

// Each operation in plain f32, one rounding after the other, is inside its bounds; a subtle mistake is outside.
const f = Math.fround;

const sum32 = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => f(sum + v), 0);

function softmax32(x: ArrayLike<number>): number[] {
  const maximum = Math.max(...Array.from(x));
  const weights = Array.from(x, (v) => f(Math.exp(f(v - maximum))));
  const total = sum32(weights);
  return weights.map((w) => f(w / total));
}

describe.each([{ outliers: false }, { outliers: true }])("with %o", (options) => {
  it("bounds a Linear", () => {
    const [x, w] = [randomValues(768, 1, options), randomValues(768, 2, options)];
    const bias = [0.5];
    const bounded = boundedLinear(x, w, { num_rows: 1, in_dim: 768, out_dim: 1 }, { bias, shortcut: [2] });
    const products = Array.from(x, (v, i) => f(v * w[i]));
    const product = f(sum32(products) + 0.5);
    expectWithin([f(product + 2)], bounded);
    if (options.outliers) return; // next to 3e4 * 3e4 no single product can be missed
    const withoutTail = f(product - sum32(products.slice(-4)));
    expect(() => expectWithin([f(withoutTail + 2)], bounded)).toThrow("element 0");
  });

  it("bounds LayerNorm", () => {
    const [x, scale, shift] = [randomValues(769, 1, options), randomValues(769, 2), randomValues(769, 3)];
    const layerNorm32 = (divisor: number) => {
      const mean = f(sum32(x) / 769);
      const centred = Array.from(x, (v) => f(v - mean));
      const deviation = f(Math.sqrt(f(f(sum32(centred.map((c) => f(c * c))) / divisor) + f(1e-5))));
      return centred.map((c, i) => f(f(f(c / deviation) * scale[i]) + shift[i]));
    };
    const bounded = boundedLayerNorm(x, scale, shift);
    expectWithin(layerNorm32(769), bounded);
    expect(() => expectWithin(layerNorm32(768), bounded)).toThrow(); // the unbiased variance
  });

  it("bounds softmax", () => {
    const x = randomValues(1025, 1, options);
    const bounded = boundedSoftmax(x, 1025);
    expectWithin(softmax32(x), bounded);
    const withoutLast = [...softmax32(x.slice(0, 1024)), bounded.expected[1024]];
    if (!options.outliers) expect(() => expectWithin(withoutLast, bounded)).toThrow();
  });
});

it("bounds gelu, and tells the tanh form from the exact one", () => {
  const x = randomValues(1000, 1).map((v) => 20 * v);
  const gelu32 = Array.from(x, (v) => {
    const inner = f(f(0.7978845608028654) * f(v + f(f(f(f(f(0.044715) * v) * v) * v))));
    return f(f(0.5 * v) * f(1 + f(Math.tanh(inner))));
  });
  expectWithin(gelu32, boundedGelu({ expected: x, bound: new Float64Array(1000) }));
  const atOne = boundedGelu({ expected: [1], bound: [0] });
  expect(() => expectWithin([0.8413447], atOne)).toThrow("element 0");
});

it("bounds a summary of logits, and tells four logits too few", () => {
  const logits = randomValues(3000, 1).map((v) => 10 * v);
  const summary32 = (x: Float32Array) => {
    const max = Math.max(...x);
    const weights = Array.from(x, (v) => f(Math.exp(f(v - max))));
    const sum = sum32(weights);
    const weighted = sum32(weights.map((w, i) => f(w * f(x[i] - max))));
    return [max + f(Math.log(sum)), f(f(f(Math.log(sum)) - f(weighted / sum)) / f(Math.LN2))];
  };
  const bounded = boundedSummary(logits, 48);
  expectWithin(summary32(logits), bounded);
  const likeliest = logits.toSorted().slice(-4);
  const others = logits.filter((logit) => !likeliest.includes(logit));
  for (const i of [0, 1]) {
    const one = { expected: [bounded.expected[i]], bound: [bounded.bound[i]] };
    expect(() => expectWithin([summary32(others)[i]], one)).toThrow("element 0");
  }
});

it("bounds attention, and tells a key too many", () => {
  const dims = { batch: 1, num_tokens: 1, cache_len: 69, n_heads: 1, head_dim: 5 };
  const [q, k, v] = [randomValues(5, 1), randomValues(350, 2), randomValues(350, 3)];
  const attention32 = (keys: number) => {
    const scores = Array.from({ length: keys }, (_, s) =>
      f(sum32(Array.from(q, (value, i) => f(value * k[s * 5 + i]))) / f(Math.sqrt(5))),
    );
    const weights = softmax32(scores);
    return Array.from(q, (_, i) => sum32(weights.map((w, s) => f(w * v[s * 5 + i]))));
  };
  const bounded = boundedAttention(q, k, v, dims, "causal");
  expectWithin(attention32(70), bounded);
  expect(() => expectWithin(attention32(69), bounded)).toThrow();
});

it("keeps sums of products of integers exact in any order", () => {
  const [x, w] = [randomIntegers(3072, 1), randomIntegers(3072, 2)];
  const products = x.map((v, i) => v * w[i]);
  expect(sum32(products)).toBe(sum32([...products].reverse()));
  expect(new Set(x)).toEqual(new Set([-4, -3, -2, -1, -0, 0, 1, 2, 3, 4]));
});

describe("guarded outputs", () => {
  it("tell a value behind the end from none", () => {
    const output = guarded(Float32Array.of(1, 2));
    const words = new Uint32Array(output.buffer);
    expect([...written(words, 2)]).toEqual([1, 2]);
    words[2] = 0;
    expect(() => written(words, 2)).toThrow("behind the end");
  });
});
