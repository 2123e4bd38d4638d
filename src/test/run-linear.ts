import {
  type LayerNormVariant,
  layerNormLinear,
  layerNormQKV,
  linear,
  type MatmulVariant,
  matmulVariants,
  qkv,
  rowConstants,
} from "../kernels/linear.ts";
import { bytesIn, type WeightFormat } from "../kernels/weight-format.ts";
import type { Epilogue } from "./f32-bounds.ts";
import { guarded, unwritten, written } from "./guarded.ts";
import { type BindingData, runKernel } from "./run-kernel.ts";

/** A variant of the product, with the number of rows that it is compiled for where there is one. */
export interface CompiledVariant {
  variant: MatmulVariant;
  rows?: number;
}

export interface LinearOperands {
  x: Float32Array; // [num_rows, in_dim]
  w: Float32Array | Uint32Array; // [out_dim, in_dim], packed as its format says
  format: WeightFormat;
}

/** The LayerNorm of a kernel with the LayerNorm prologue. */
export interface Norm {
  scale: Float32Array; // [in_dim]
  shift: Float32Array;
}

export interface ProductDims {
  num_rows: number;
  in_dim: number;
  out_dim: number;
}

/** Where the projections to q, k and v go: `cache_len` tokens are in the cache, which has room for `capacity`. */
export interface QKVDims {
  batch: number;
  num_tokens: number;
  emb_dim: number;
  cache_len: number;
  capacity: number;
}

/** Whether a variant is compiled for a number of rows. */
const takesRows = (variant: MatmulVariant): boolean => "rows" in rowConstants(variant, 1);

/** Every variant of the product, for each number of rows that it is compiled for. `runKernel` skips what this adapter cannot run. */
export const compiledVariants: readonly CompiledVariant[] = matmulVariants.flatMap(
  (variant): CompiledVariant[] =>
    takesRows(variant) ? [1, 2, 3, 4].map((rows) => ({ variant, rows })) : [{ variant }],
);

/** Whether a variant computes exactly as many rows as its constant says, and not any number of them. */
export const hasFixedRows = ({ variant }: CompiledVariant): boolean =>
  variant === "matvec" || variant === "matvecSubgroups";

export const constantsOf = (
  { variant, rows = 1 }: CompiledVariant,
  { bias, gelu, shortcut }: Epilogue = {},
) => ({
  ...(takesRows(variant) && { rows }),
  has_bias: Number(bias !== undefined),
  has_gelu: Number(gelu === true),
  has_shortcut: Number(shortcut !== undefined),
});

const optional = (values?: ArrayLike<number>) => (values ? guarded(Float32Array.from(values)) : unwritten(1));

const normOperands = ({ scale, shift }: Norm) => ({ scale: guarded(scale), shift: guarded(shift) });

/** The parts that end before the given rows of w, each with the row at which it begins. */
function partsOf({ w, format }: LinearOperands, in_dim: number, ends: readonly number[]) {
  const rowWords = bytesIn(format, in_dim) / 4;
  return ends.map((end, i) => {
    const first_out = i === 0 ? 0 : ends[i - 1];
    return {
      w: guarded(w.subarray(first_out * rowWords, end * rowWords)),
      first_out,
      out_dim: end - first_out,
    };
  });
}

/** y [num_rows, out_dim], from as many dispatches as w has parts; `partEnds` are the features where each part ends. */
export async function runLinear(
  compiled: CompiledVariant,
  operands: LinearOperands,
  { num_rows, in_dim, out_dim }: ProductDims,
  {
    epilogue = {},
    partEnds = [out_dim],
    norm,
  }: { epilogue?: Epilogue; partEnds?: number[]; norm?: Norm } = {},
): Promise<Float32Array> {
  const { variant } = compiled;
  const { x, format } = operands;
  const inputs = { x: guarded(x), bias: optional(epilogue.bias), shortcut: optional(epilogue.shortcut) };
  const constants = constantsOf(compiled, epilogue);
  let y: Float32Array | Uint32Array = unwritten(num_rows * out_dim);
  for (const { w, ...part } of partsOf(operands, in_dim, partEnds)) {
    const data: BindingData<"x" | "w" | "bias" | "shortcut" | "y"> = { ...inputs, w, y };
    const dims = { num_rows, in_dim, ...part, y_dim: out_dim };
    const result: { y: Uint32Array } = norm
      ? await runKernel(
          layerNormLinear[variant as LayerNormVariant][format],
          { ...data, ...normOperands(norm) },
          dims,
          constants,
        )
      : await runKernel(linear[variant][format], data, dims, constants);
    y = result.y;
  }
  return written(y as Uint32Array, num_rows * out_dim);
}

/** What a kernel leaves in q [batch, num_tokens, emb_dim] and in the caches k, v [batch, capacity, emb_dim]. */
export async function runQKV(
  { variant, rows = 1 }: CompiledVariant,
  operands: LinearOperands,
  { batch, num_tokens, emb_dim, cache_len, capacity }: QKVDims,
  { bias, partEnds = [3 * emb_dim], norm }: { bias?: Float32Array; partEnds?: number[]; norm?: Norm } = {},
): Promise<Record<"q" | "k" | "v", Float32Array>> {
  const { x, format } = operands;
  const inputs = { x: guarded(x), bias: optional(bias), cache_len: Uint32Array.of(cache_len) };
  const constants = { ...(takesRows(variant) && { rows }), has_bias: Number(bias !== undefined) };
  const lengths = { q: batch * num_tokens * emb_dim, cache: batch * capacity * emb_dim };
  let outputs: BindingData<"q" | "k" | "v"> = {
    q: unwritten(lengths.q),
    k: unwritten(lengths.cache),
    v: unwritten(lengths.cache),
  };
  for (const { w, ...part } of partsOf(operands, emb_dim, partEnds)) {
    const data = { ...inputs, w, ...outputs };
    const dims = { num_rows: batch * num_tokens, in_dim: emb_dim, ...part, num_tokens, capacity };
    const { q, k, v }: Record<"q" | "k" | "v", Uint32Array> = norm
      ? await runKernel(
          layerNormQKV[variant as LayerNormVariant][format],
          { ...data, ...normOperands(norm) },
          dims,
          constants,
        )
      : await runKernel(qkv[variant][format], data, dims, constants);
    outputs = { q, k, v };
  }
  return {
    q: written(outputs.q as Uint32Array, lengths.q),
    k: written(outputs.k as Uint32Array, lengths.cache),
    v: written(outputs.v as Uint32Array, lengths.cache),
  };
}
