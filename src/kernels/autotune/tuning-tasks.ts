import type { Gpu } from "../../gpu/device.ts";
import type { Engine } from "../../gpu/engine.ts";
import type { Constants, Dims, Kernel } from "../../gpu/kernel.ts";
import { flashAttention } from "../flash-attention.ts";
import { linear, MAX_MATVEC_ROWS, type MatmulVariant, needsSubgroups, rowConstants } from "../linear.ts";

/** Made-up work that each variant does against the clock. */
export interface TuningTask<S extends string> {
  readonly variants: readonly S[];
  /** Amounts of work, the small one first: what is pruned there is not tried on the large one. */
  readonly sizes: readonly number[];
  readonly bytes: Readonly<Record<string, number>>;
  dispatch(variant: S, size: number): Dispatch;
  /** Whether an adapter can run a variant at all. */
  runs(gpu: Gpu, variant: S): boolean;
  /** Whether the threads of a variant meet at barriers. */
  usesBarriers(variant: S): boolean;
}

/** A kernel that runs on a task's buffers, so many times. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly dims: Dims<string>;
  readonly constants: Constants;
  readonly times: number;
}

/** The variants of a task that this adapter can run; `barriers`: those that have some too. */
export const candidates = <S extends string>({ gpu }: Engine, task: TuningTask<S>, barriers = true): S[] =>
  task.variants.filter((variant) => task.runs(gpu, variant) && (barriers || !task.usesBarriers(variant)));

// The tuningTasks run GPT-2's own pipelines, so that what is compiled for the chosen variant is not compiled for nothing.
const [n_heads, head_dim] = [12, 64];
const emb_dim = n_heads * head_dim;

const withoutBarrier: readonly MatmulVariant[] = ["matmulRegister", "matmulQuad4Rows", "matmulQuad"];

/** `rows` rows through a block's out_proj, so many times. */
function product(
  rows: number,
  sizes: readonly number[],
  variants: readonly MatmulVariant[],
): TuningTask<MatmulVariant> {
  const vector = rows * emb_dim * 4;
  return {
    variants,
    sizes,
    bytes: { x: vector, w: emb_dim * emb_dim * 4, bias: emb_dim * 4, shortcut: vector, y: vector },
    dispatch: (variant, times) => ({
      kernel: linear[variant].vec4,
      dims: { num_rows: rows, in_dim: emb_dim, out_dim: emb_dim, first_out: 0, y_dim: emb_dim },
      constants: { ...rowConstants(variant, rows), has_bias: 1, has_gelu: 0, has_shortcut: 1 },
      times,
    }),
    runs: (gpu, variant) => !needsSubgroups(variant) || gpu.has("subgroups"),
    usesBarriers: (variant) => !withoutBarrier.includes(variant),
  };
}

/** Attention of 16 or 64 tokens. */
function attention<S extends keyof typeof flashAttention>(variants: readonly S[]): TuningTask<S> {
  const sizes = [16, 64];
  const bytes = Math.max(...sizes) * emb_dim * 4;
  const noDropout = { dropout_seed: 0, keep_threshold: 0, keep_prob_bits: 0 };
  return {
    variants,
    sizes,
    bytes: { q: bytes, k: bytes, v: bytes, cache_len: 4, y: bytes },
    dispatch: (variant, size) => ({
      kernel: flashAttention[variant].vec4,
      dims: { batch: 1, num_tokens: size, n_heads, head_dim, capacity: size, ...noDropout },
      constants: { causal: 1, dropout: 0 },
      times: 1,
    }),
    runs: (gpu, variant) => variant !== "quad" || gpu.has("subgroups"),
    usesBarriers: (variant) => variant === "workgroup",
  };
}

export const tuningTasks = {
  one: product(1, [4, 32], ["matmulRegister", "matvecSubgroups", "matvec"]),
  few: product(MAX_MATVEC_ROWS, [4, 32], ["matmulRegister", "matmulQuad4Rows", "matvecSubgroups", "matvec"]),
  many: product(24, [1, 16], ["matmulRegister", "matmulQuad", "matmul"]),
  manyQuad: product(24, [1, 16], ["matmulQuad", "matmul"]),
  attention: attention(["workgroup", "quad"]),
};
