import type { DeviceBuffer } from "../device/device-buffer.ts";
import { declaredBindings } from "../device/kernel.ts";
import type { DispatchInfo } from "../device/recording.ts";
import { splitsFor } from "./flash-decoding.ts";
import { momentsOf, SUMMARY_WORDS } from "./logit-summary.ts";
import { blocksOf, CANDIDATE_WORDS } from "./top-k.ts";

/** Bindings that a kernel reads from the first value to the last. */
const weights = new Set(["w", "bias", "scale", "shift"]);
/** A few kilobytes each, just written: they come from the processor's cache, so `bytesRead` does not count them. */
const activations = new Set([
  "x",
  "shortcut",
  "q",
  "idx",
  "cache_len",
  "logits",
  "partials",
  "stats",
  "candidates",
  "sums",
  "moments",
]);

/** A weight tensor, or part of one, that a dispatch reads whole. */
export function wholeWeights({ kernel, constants, buffers }: DispatchInfo): DeviceBuffer[] {
  if (isEmbedding(kernel.label)) return [];
  return readOnly(kernel.wgsl)
    .filter((name) => weights.has(name))
    .filter((name) => name !== "bias" || constants.has_bias === 1) // otherwise another buffer stands in for it
    .map((name) => buffers[name]!);
}

/**
 * Bytes that these dispatches read from weights and KV cache, with `kv_len` tokens in the cache. Each binding counts
 * once, however often the kernel reads it. Throws on a binding that it does not know, so that a new kernel cannot
 * go uncounted.
 */
export function bytesRead(dispatches: readonly DispatchInfo[], kv_len: number): number {
  return dispatches.reduce((sum, dispatch) => sum + bytesOf(dispatch, kv_len), 0);
}

function bytesOf(dispatch: DispatchInfo, kv_len: number): number {
  const { kernel, dims, buffers } = dispatch;
  let bytes = wholeWeights(dispatch).reduce((sum, { size }) => sum + size, 0);
  for (const name of readOnly(kernel.wgsl)) {
    if (name === "k" || name === "v") {
      bytes += (buffers[name]!.size / dims.capacity!) * kv_len;
    } else if (isEmbedding(kernel.label) && name === "w") {
      bytes += (buffers[name]!.size / dims.num_ids!) * dims.num_rows!;
    } else if (isEmbedding(kernel.label) && name === "pos_emb") {
      bytes += dims.emb_dim! * 4 * dims.num_rows!;
    } else if (!weights.has(name) && !activations.has(name)) {
      throw new Error(`How much does ${kernel.label} read through ${name}? src/kernels/bytes.ts must know.`);
    }
  }
  return bytes;
}

/** An embedding reads only one row a token of its tables. */
const isEmbedding = (label: string): boolean => label.startsWith("embedding");

const readOnly = (wgsl: string): string[] =>
  declaredBindings(wgsl)
    .filter(({ type }) => type === "read-only-storage")
    .map(({ name }) => name);

type Sizes = Readonly<Record<string, number>>;

const rows = ({ num_rows, batch = 1, num_tokens }: Sizes): number => num_rows ?? batch * num_tokens!;
const emb_dim = ({ emb_dim, n_heads, head_dim }: Sizes): number => emb_dim ?? n_heads! * head_dim!;
const splits = ({ splits, capacity }: Sizes): number => splits ?? splitsFor(capacity!);
/** q, k and v share the features of W_qkv; attention reads its q whole. */
const qkv = (sizes: Sizes): number => rows(sizes) * (sizes.out_dim ? sizes.out_dim / 3 : emb_dim(sizes));

/** Values that a kernel touches of each activation, by its dims and constants. */
const activationValues: Readonly<Record<string, (sizes: Sizes) => number>> = {
  x: (sizes) => rows(sizes) * (sizes.in_dim ?? emb_dim(sizes)),
  shortcut: (sizes) => rows(sizes) * sizes.out_dim! * sizes.has_shortcut!,
  y: (sizes) => rows(sizes) * (sizes.out_dim ?? emb_dim(sizes)),
  partials: (sizes) => rows(sizes) * splits(sizes) * emb_dim(sizes),
  stats: (sizes) => rows(sizes) * splits(sizes) * sizes.n_heads! * 2,
  context_vec: (sizes) => rows(sizes) * sizes.head_dim!,
  q: qkv,
  k: qkv,
  v: qkv,
  idx: rows,
  cache_len: () => 1,
  logits: (sizes) => rows(sizes) * sizes.vocab_size!,
  candidates: (sizes) => rows(sizes) * blocksOf(sizes.vocab_size!) * sizes.k! * 2,
  sums: (sizes) => rows(sizes) * blocksOf(sizes.vocab_size!),
  moments: (sizes) => rows(sizes) * momentsOf(sizes.vocab_size!),
  summary: (sizes) => rows(sizes) * SUMMARY_WORDS,
  chosen: rows,
  top: (sizes) => rows(sizes) * sizes.k! * CANDIDATE_WORDS,
};

/**
 * Bytes of activations that a dispatch reads and writes. They come from a cache and cost little time, but some kernels
 * read nothing else. Throws on a binding that it does not know.
 */
export function activationBytes({ kernel, dims, constants }: DispatchInfo): {
  read: number;
  written: number;
} {
  const bytes = (names: readonly string[]) =>
    names.reduce((total, name) => {
      const values = activationValues[name]?.({ ...constants, ...dims });
      if (!Number.isFinite(values))
        throw new Error(`How much of ${name} does ${kernel.label} touch? src/kernels/bytes.ts must know.`);
      return total + 4 * values!;
    }, 0);
  const written = declaredBindings(kernel.wgsl).filter(({ type }) => type === "storage");
  return {
    read: bytes(readOnly(kernel.wgsl).filter((name) => activations.has(name))),
    written: bytes(written.map(({ name }) => name)),
  };
}
