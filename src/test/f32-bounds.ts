import {
  type AttentionDims,
  type AttentionDropout,
  causalAttention,
  type Mask,
} from "../reference/causal-attention.ts";
import { gelu } from "../reference/gelu.ts";
import { layerNorm } from "../reference/layer-norm.ts";
import { logitSummary } from "../reference/logit-summary.ts";
import { matmul } from "../reference/matmul.ts";
import { residual } from "../reference/residual.ts";
import { softmax } from "../reference/softmax.ts";
import type { Bounded } from "./expect-within.ts";

/*
 * How far a kernel in f32 may be from its f64 reference, derived from what WGSL promises; nothing here is measured.
 *
 *   x + y, x * y   off by EPS |result| at most (WGSL leaves the direction of rounding open)
 *   x / y          2.5 ULP, and one ULP is EPS |result| at most
 *   sqrt(x)        4.5 ULP (1 / inverseSqrt)
 *   exp(x)         3 + 2 |x| ULP
 *   log(x)         2^-21, absolute, for x in [0.5, 2], else 3 ULP
 *   tanh(x)        1e-5, absolute
 *   subnormals     may count as 0
 *
 * A sum of n products, added in any order: each passes through n roundings at most, so the sum is off by
 * gamma(n) * (the sum of the |products|) at most. No bound here knows in which order a kernel adds.
 */
export const EPS = 2 ** -23;

/** More than flushed subnormals (2^-126) make of any sum in a test: 1e4 terms, multiplied by 1e5 at most. */
export const FLUSH = 1e-28;

const gamma = (n: number) => (n * EPS) / (1 - n * EPS);

function absolute(values: ArrayLike<number>): Float64Array {
  const result = new Float64Array(values); // from(values, Math.abs) takes a second for GPT-2's largest layer
  for (let i = 0; i < result.length; i++) result[i] = Math.abs(result[i]);
  return result;
}

/** What stands around the product in a Linear: each may be absent. */
export interface Epilogue {
  bias?: ArrayLike<number>;
  gelu?: boolean;
  shortcut?: ArrayLike<number>;
}

/** What is inexact before the product. */
export interface LinearInput {
  /** How far each value of x may be off, when it comes from another step. */
  xBound?: ArrayLike<number>;
  /** Roundings in each weight, when it is computed from a packed one. */
  weightRoundings?: number;
}

/** epilogue(x · wᵀ); kernels as in the reference of matmul. */
export function boundedLinear(
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  dims: { num_rows: number; in_dim: number; out_dim: number },
  epilogue: Epilogue = {},
  { xBound, weightRoundings = 0 }: LinearInput = {},
): Bounded {
  const { bias, shortcut } = epilogue;
  const sum = matmul(x, w, dims, bias);
  const largest = xBound ? absolute(x).map((value, i) => value + xBound[i]) : absolute(x);
  const magnitude = matmul(largest, absolute(w), dims, bias && absolute(bias));
  const carried = xBound ? matmul(xBound, absolute(w), dims) : new Float64Array(sum.length);
  const own = gamma(dims.in_dim + 1 + weightRoundings);
  let result: Bounded = { expected: sum, bound: magnitude.map((m, i) => own * m + carried[i] + FLUSH) };
  if (epilogue.gelu) result = boundedGelu(result);
  if (shortcut) {
    const expected = residual(shortcut, result.expected);
    const bound = expected.map((y, i) => result.bound[i] + EPS * (Math.abs(y) + result.bound[i]) + FLUSH);
    result = { expected, bound };
  }
  return result;
}

/**
 * gelu of values that are off by a bound already. An argument's error grows by the slope, 1.13 at most. The argument z of
 * tanh is off by 8 EPS |z| at most, and tanh by less than half of that, since |z| (1 - tanh(z)^2) < 0.45; the rest
 * is tanh's own error, three roundings, and less than EPS where z is clamped.
 */
export function boundedGelu({ expected, bound }: Bounded): Bounded {
  const own = 0.5 * (1e-5 + 4 * EPS) + 5 * EPS;
  return {
    expected: gelu(expected),
    bound: Float64Array.from(expected, (v, i) => 1.13 * bound[i] + own * (Math.abs(v) + bound[i]) + FLUSH),
  };
}

/** LayerNorm; kernels as in the reference. Each step's error is carried into the next. */
export function boundedLayerNorm(
  x: ArrayLike<number>,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
): Bounded {
  const n = scale.length;
  const expected = layerNorm(x, scale, shift);
  const bound = new Float64Array(expected.length);
  for (let start = 0; start < expected.length; start += n) {
    const row = Float64Array.from({ length: n }, (_, i) => x[start + i]);
    const mean = row.reduce((sum, v) => sum + v / n, 0);
    const meanError = gamma(n + 3) * row.reduce((sum, v) => sum + Math.abs(v) / n, 0);
    const centred = row.map((v) => Math.abs(v - mean));
    const centredError = centred.map((c) => meanError + EPS * (c + meanError));

    const variance = centred.reduce((sum, c) => sum + (c * c) / n, 0) + 1e-5;
    const largest = centred.reduce((sum, c, i) => sum + (c + centredError[i]) ** 2 / n, 0) + 1e-5;
    const share = (largest - variance + gamma(n + 6) * largest) / variance; // infinitely off from 1 on
    const deviation = Math.sqrt(variance);
    const deviationShare = share < 1 ? 1 - Math.sqrt(1 - share) * (1 - 4.5 * EPS) : Infinity;

    for (let i = 0; i < n; i++) {
      const exact = centred[i] / deviation;
      // A division and a product, or the reciprocal and two products.
      const computed = ((centred[i] + centredError[i]) * (1 + 5 * EPS)) / (deviation * (1 - deviationShare));
      const error = Math.abs(scale[i]) * (computed - exact);
      bound[start + i] = error + EPS * (Math.abs(expected[start + i]) + error) + FLUSH;
    }
  }
  return { expected, bound };
}

/** By what factor exp(x - maximum) may be too large or too small: the difference is rounded, and exp has its error. */
const exponent = (distance: number) => EPS * (3 + 3 * distance);

/** Softmax of each row. */
export function boundedSoftmax(x: ArrayLike<number>, row_length: number): Bounded {
  const expected = softmax(x, row_length);
  const bound = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += row_length) {
    let maximum = -Infinity;
    for (let i = start; i < start + row_length; i++) maximum = Math.max(maximum, x[i]);
    let total = gamma(row_length);
    for (let i = start; i < start + row_length; i++)
      total += expected[i] * Math.expm1(exponent(maximum - x[i]));
    for (let i = start; i < start + row_length; i++) {
      const factor = Math.exp(exponent(maximum - x[i]) + 3 * EPS) / (1 - total);
      bound[i] = expected[i] * (factor - 1) + FLUSH;
    }
  }
  return { expected, bound };
}

/**
 * logSumExp and entropy of one row. The sums may be of blocks, of which each has a maximum of its own: then a weight is the
 * product of two exponentials whose distances add up. All terms of a sum have the same sign, so that its error is a share of it.
 */
export function boundedSummary(logits: Float32Array, bins: number): Bounded {
  const n = logits.length;
  const [{ max, entropy, logSumExp }] = logitSummary(logits, n, bins);
  let [sum, weighted, sumError, weightedError] = [0, 0, 0, 0];
  for (const logit of logits) {
    const distance = max - logit;
    const weight = Math.exp(-distance);
    sum += weight;
    weighted += distance * weight;
    sumError += weight * Math.expm1(EPS * (7 + 3 * distance));
    weightedError += distance * weight * Math.expm1(EPS * (12 + 3 * distance));
  }
  const [shareOfSum, shareOfWeighted] = [
    sumError / sum + 1.01 * gamma(n),
    weighted > 0 ? weightedError / weighted + 1.01 * gamma(n) : 0,
  ];
  const ln = Math.log(sum);
  const lnError = -Math.log1p(-shareOfSum) + 2 ** -21 + 3 * EPS * ln;
  const quotient = weighted / sum;
  const quotientError = quotient * (((1 + shareOfWeighted) * (1 + 3 * EPS)) / (1 - shareOfSum) - 1);
  const bits = (lnError + quotientError + 4 * EPS * (ln + lnError + quotient + quotientError)) / Math.LN2;
  return {
    expected: [logSumExp, entropy],
    bound: [lnError + EPS ** 2 * Math.abs(logSumExp) + FLUSH, bits + FLUSH],
  };
}

/**
 * Attention; kernels as in the reference. A score is off by its sum's error, and by 8 EPS for the division by the root;
 * an error d of a score is a factor exp(d) of its weight. An online softmax rescales at most once a key.
 */
export function boundedAttention(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  v: ArrayLike<number>,
  dims: AttentionDims,
  mask: Mask,
  dropout?: AttentionDropout,
): Bounded {
  const { batch, num_tokens, cache_len, n_heads, head_dim } = dims;
  const num_keys = cache_len + num_tokens;
  const emb_dim = n_heads * head_dim;
  const bound = new Float64Array(batch * num_tokens * emb_dim);
  for (let row = 0; row < batch * n_heads * num_tokens; row++) {
    const t = row % num_tokens;
    const head = Math.floor(row / num_tokens) % n_heads;
    const b = Math.floor(row / num_tokens / n_heads);
    const live = mask === "causal" ? cache_len + t + 1 : num_keys;
    const channel = (token: number) => token * emb_dim + head * head_dim;
    const q_at = channel(b * num_tokens + t);

    const scores = new Float64Array(live);
    const scoreErrors = new Float64Array(live);
    for (let s = 0; s < live; s++) {
      const k_at = channel(b * num_keys + s);
      for (let i = 0; i < head_dim; i++) {
        const product = q[q_at + i] * k[k_at + i];
        scores[s] += product / Math.sqrt(head_dim);
        scoreErrors[s] += (Math.abs(product) / Math.sqrt(head_dim)) * gamma(head_dim + 8);
      }
    }
    const weights = softmax(scores, live);
    const maximum = Math.max(...scores);
    const spread = 2 * Math.max(...scoreErrors);
    const own = scores.map(
      (score, s) => scoreErrors[s] + exponent(maximum - score + spread) + gamma(4 * (live + 1)),
    );
    const total = weights.reduce((sum, w, s) => sum + w * Math.expm1(own[s]), gamma(live));
    for (let i = 0; i < head_dim; i++) {
      let error = FLUSH;
      for (let s = 0; s < live; s++) {
        const kept = dropout ? dropout.keep[row * num_keys + s] / (1 - dropout.rate) : 1;
        const factor = total < 1 ? Math.exp(own[s] + gamma(live + 8)) / (1 - total) : Infinity;
        error += Math.abs(weights[s] * kept * v[channel(b * num_keys + s) + i]) * (factor - 1);
      }
      bound[q_at + i] = error;
    }
  }
  return { expected: causalAttention(q, k, v, dims, mask, dropout), bound };
}
