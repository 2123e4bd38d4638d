import type { Device } from "../../device/device.ts";
import type { Constants, Dims, Kernel } from "../../device/kernel.ts";
import { flashAttention } from "../flash-attention.ts";
import { linear, MAX_MATVEC_ROWS, type MatmulVariant, needsSubgroups, rowConstants } from "../linear.ts";

/** Made-up work that each variant does against the clock. */
export interface TuningTask<S extends string> {
  readonly variants: readonly S[];
  readonly bytes: Readonly<Record<string, number>>;
  readonly weights: Readonly<Record<string, number>>;
  /** So many copies of the weights are more than a cache holds; undefined where the work hardly waits for weights. */
  readonly copies?: number;
  dispatch(variant: S): Dispatch;
  /** What suits graphics cards, the best first: of these, the first that an adapter can run is preferred. */
  readonly forCards: readonly S[];
  /** Whether an adapter can run a variant at all. */
  runs(device: Device, variant: S): boolean;
  /** Whether the threads of a variant meet at barriers. */
  usesBarriers(variant: S): boolean;
}

/** A kernel that runs on a task's buffers. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly dims: Dims<string>;
  readonly constants: Constants;
}

/** The variants of a task that this adapter can run; `barriers`: those that have some too. */
export const candidates = <S extends string>(device: Device, task: TuningTask<S>, barriers = true): S[] =>
  task.variants.filter((variant) => task.runs(device, variant) && (barriers || !task.usesBarriers(variant)));

/**
 * The variant that wins unless another is clearly faster; undefined for a software adapter, and for one that does not say
 * what it is: it may be either.
 */
export function preferredOf<S extends string>(device: Device, task: TuningTask<S>): S | undefined {
  return device.adapter.isCard ? task.forCards.find((variant) => task.runs(device, variant)) : undefined;
}

// The tuningTasks run GPT-2's own pipelines, so that what is compiled for the chosen variant is not compiled for nothing.
const [n_heads, head_dim] = [12, 64];
const emb_dim = n_heads * head_dim;

/** 66 MB of out_proj's weights are more than the caches of nearly all graphics cards hold. */
const BEYOND_CACHE = 28;

const withoutBarrier: readonly MatmulVariant[] = ["matmulRegister", "matmulQuad4Rows", "matmulQuad"];

/** `rows` rows through a block's out_proj. */
function product(
  rows: number,
  variants: readonly MatmulVariant[],
  forCards: readonly MatmulVariant[],
): TuningTask<MatmulVariant> {
  const vector = rows * emb_dim * 4;
  return {
    variants,
    forCards,
    bytes: { x: vector, bias: emb_dim * 4, shortcut: vector, y: vector },
    weights: { w: emb_dim * emb_dim * 4 },
    ...(rows === 1 && { copies: BEYOND_CACHE }),
    dispatch: (variant) => ({
      kernel: linear[variant].vec4,
      dims: { num_rows: rows, in_dim: emb_dim, out_dim: emb_dim, first_out: 0, y_dim: emb_dim },
      constants: { ...rowConstants(variant, rows), has_bias: 1, has_gelu: 0, has_shortcut: 1 },
    }),
    runs: (device, variant) => !needsSubgroups(variant) || device.features.has("subgroups"),
    usesBarriers: (variant) => !withoutBarrier.includes(variant),
  };
}

/** Attention of 16 tokens. */
function attention<S extends keyof typeof flashAttention>(
  variants: readonly S[],
  forCards: readonly S[],
): TuningTask<S> {
  const num_tokens = 16;
  const bytes = num_tokens * emb_dim * 4;
  const noDropout = { dropout_seed: 0, keep_threshold: 0, keep_prob_bits: 0 };
  return {
    variants,
    forCards,
    bytes: { q: bytes, k: bytes, v: bytes, cache_len: 4, y: bytes },
    weights: {},
    dispatch: (variant) => ({
      kernel: flashAttention[variant].vec4,
      dims: { batch: 1, num_tokens, n_heads, head_dim, capacity: num_tokens, ...noDropout },
      constants: { causal: 1, dropout: 0 },
    }),
    runs: (device, variant) => variant !== "quad" || device.features.has("subgroups"),
    usesBarriers: (variant) => variant === "workgroup",
  };
}

/** Rows that a tile of the product for many takes at once: with fewer it would compute some for nothing. */
const MANY_ROWS = 64;
const matvecs: readonly MatmulVariant[] = ["matvecSubgroups", "matvec"];

export const isMatvec = (variant: MatmulVariant): boolean => matvecs.includes(variant);

export const tuningTasks = {
  one: product(1, ["matmulRegister", "matvecSubgroups", "matvec"], matvecs),
  /** Tried where no matvec is the fastest for one row. */
  few: product(MAX_MATVEC_ROWS, ["matmulRegister", "matmulQuad4Rows"], []),
  many: product(MANY_ROWS, ["matmulRegister", "matmulQuad", "matmul"], ["matmul"]),
  manyQuad: product(MANY_ROWS, ["matmulQuad", "matmul"], ["matmul"]),
  attention: attention(["workgroup", "quad"], ["workgroup"]),
};
