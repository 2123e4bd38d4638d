import type { Gpu } from "../../gpu/device.ts";
import type { Engine } from "../../gpu/engine.ts";
import type { Constants, Dims, Kernel } from "../../gpu/kernel.ts";
import { type AttentionShape, causalAttention } from "../flash-attention.ts";
import { type LinearShape, linear, MAX_MATVEC_ROWS, needsSubgroups, rowConstants } from "../linear.ts";

/** Made-up work that each shape does against the clock. */
export interface Trial<S extends string> {
  readonly shapes: readonly S[];
  /** Amounts of work, the small one first: what is hopeless there is not tried on the large one. */
  readonly sizes: readonly number[];
  readonly bytes: Readonly<Record<string, number>>;
  dispatch(shape: S, size: number): Dispatch;
  /** Whether an adapter can run a shape at all. */
  runs(gpu: Gpu, shape: S): boolean;
  /** Whether the threads of a shape meet at barriers. */
  meets(shape: S): boolean;
}

/** A kernel that runs on a trial's buffers, so many times. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly dims: Dims<string>;
  readonly constants: Constants;
  readonly times: number;
}

/** The shapes of a trial that this adapter can run; `barriers`: those that have some too. */
export const contestants = <S extends string>({ gpu }: Engine, trial: Trial<S>, barriers = true): S[] =>
  trial.shapes.filter((shape) => trial.runs(gpu, shape) && (barriers || !trial.meets(shape)));

// The trials run GPT-2's own pipelines, so that what is compiled for the chosen shape is not compiled for nothing.
const [n_heads, head_dim] = [12, 64];
const emb_dim = n_heads * head_dim;

const withoutBarrier: readonly LinearShape[] = ["matmulByThread", "matmulFourRows", "matmulByQuads"];

/** `rows` rows through a block's out_proj, so many times. */
function product(rows: number, sizes: readonly number[], shapes: readonly LinearShape[]): Trial<LinearShape> {
  const vector = rows * emb_dim * 4;
  return {
    shapes,
    sizes,
    bytes: { x: vector, w: emb_dim * emb_dim * 4, bias: emb_dim * 4, shortcut: vector, y: vector },
    dispatch: (shape, times) => ({
      kernel: linear[shape].wide,
      dims: { num_rows: rows, in_dim: emb_dim, out_dim: emb_dim, first_out: 0, y_dim: emb_dim },
      constants: { ...rowConstants(shape, rows), has_bias: 1, has_gelu: 0, has_shortcut: 1 },
      times,
    }),
    runs: (gpu, shape) => !needsSubgroups(shape) || gpu.has("subgroups"),
    meets: (shape) => !withoutBarrier.includes(shape),
  };
}

/** Attention of 16 or 64 tokens. */
function attention(shapes: readonly AttentionShape[]): Trial<AttentionShape> {
  const sizes = [16, 64];
  const bytes = Math.max(...sizes) * emb_dim * 4;
  const noDropout = { dropout_seed: 0, keep_below: 0, keep_bits: 0 };
  return {
    shapes,
    sizes,
    bytes: { q: bytes, k: bytes, v: bytes, past: 4, y: bytes },
    dispatch: (shape, size) => ({
      kernel: causalAttention[shape].wide,
      dims: { batch: 1, num_tokens: size, n_heads, head_dim, capacity: size, ...noDropout },
      constants: { causal: 1, dropout: 0 },
      times: 1,
    }),
    runs: (gpu, shape) => shape !== "byQuads" || gpu.has("subgroups"),
    meets: (shape) => shape === "byWorkgroup",
  };
}

export const trials = {
  one: product(1, [4, 32], ["matmulByThread", "matvecBySubgroups", "matvec"]),
  few: product(MAX_MATVEC_ROWS, [4, 32], ["matmulByThread", "matmulFourRows", "matvecBySubgroups", "matvec"]),
  many: product(24, [1, 16], ["matmulByThread", "matmulByQuads", "matmul"]),
  manyByQuads: product(24, [1, 16], ["matmulByQuads", "matmul"]),
  attention: attention(["byWorkgroup", "byQuads"]),
};
