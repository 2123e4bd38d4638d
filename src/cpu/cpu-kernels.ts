import { defineCpuKernel } from "./cpu-kernel.ts";

/*
 * All kernels of `assembly/`. The signatures are held against the shaders' twins and against the AssemblyScript by
 * signatures.test.ts.
 */

/** The values of a kernel's constant `format`. Rows of f16 are a multiple of 4 long, and those of int8 of 32. */
export const weightFormats = { f32: 0, f16: 1, int8: 2 } as const;

/** Room for 16 features of f32 weights. */
const scratchBytes = ({ in_dim }: { in_dim: number }): number => 16 * 4 * in_dim;

export const embedding = defineCpuKernel({
  name: "embedding",
  bindings: ["idx", "w", "pos_emb", "cache_len", "x"],
  dims: ["num_rows", "num_tokens", "emb_dim", "first_id", "num_ids"],
  constants: ["format"],
  parts: ({ num_rows }) => num_rows,
});

export const dropout = defineCpuKernel({
  name: "dropout",
  bindings: ["x", "shortcut", "y"],
  dims: ["size", "dropout_seed", "keep_threshold", "keep_prob_bits"],
  constants: ["has_shortcut"],
  parts: ({ size }) => size,
});

export const layerNorm = defineCpuKernel({
  name: "layerNorm",
  bindings: ["x", "scale", "shift", "y"],
  dims: ["num_tokens", "emb_dim", "first", "stride"],
  constants: [],
  parts: ({ num_tokens }) => num_tokens,
});

/** y = epilogue(x · wᵀ). */
export const linear = defineCpuKernel({
  name: "linear",
  bindings: ["x", "w", "bias", "shortcut", "y"],
  dims: ["num_rows", "in_dim", "out_dim", "first_out", "y_dim"],
  constants: ["has_bias", "has_gelu", "has_shortcut", "format"],
  scratchBytes,
  parts: ({ out_dim }) => out_dim,
});

/** q, k, v = x · wᵀ with k and v appended to the KV cache. */
export const qkv = defineCpuKernel({
  name: "qkv",
  bindings: ["x", "w", "bias", "cache_len", "q", "k", "v"],
  dims: ["num_rows", "in_dim", "out_dim", "first_out", "num_tokens", "capacity"],
  constants: ["has_bias", "format"],
  scratchBytes,
  parts: ({ out_dim }) => out_dim,
});

/** Of any number of queries: the counterpart of every variant of flash-attention. */
export const attention = defineCpuKernel({
  name: "attention",
  bindings: ["q", "k", "v", "cache_len", "y"],
  dims: [
    "batch",
    "num_tokens",
    "n_heads",
    "head_dim",
    "capacity",
    "dropout_seed",
    "keep_threshold",
    "keep_prob_bits",
  ],
  constants: ["causal", "dropout"],
  parts: ({ batch, n_heads }) => batch * n_heads,
});

/** Of one query a row. */
export const flashDecoding = defineCpuKernel({
  name: "flashDecoding",
  bindings: ["q", "k", "v", "cache_len", "partials", "stats"],
  dims: [
    "batch",
    "num_tokens",
    "n_heads",
    "head_dim",
    "capacity",
    "dropout_seed",
    "keep_threshold",
    "keep_prob_bits",
  ],
  constants: [],
  parts: ({ batch, n_heads }) => batch * n_heads,
});

export const attentionWeights = defineCpuKernel({
  name: "attentionWeights",
  bindings: ["q", "k", "weights"],
  dims: ["num_tokens", "n_heads", "layer", "first"],
  constants: ["causal", "head_dim"],
  parts: ({ num_tokens, n_heads, first }) => n_heads * (num_tokens - first),
});

export const residualNorm = defineCpuKernel({
  name: "residualNorm",
  bindings: ["x", "norms", "last"],
  dims: ["num_tokens", "emb_dim", "layer", "first"],
  constants: [],
  parts: ({ num_tokens, first }) => num_tokens - first,
});

export const softmax = defineCpuKernel({
  name: "softmax",
  bindings: ["x", "y"],
  dims: ["num_rows", "dim"],
  constants: [],
  parts: ({ num_rows }) => num_rows,
});

export const argmax = defineCpuKernel({
  name: "argmax",
  bindings: ["logits", "chosen"],
  dims: ["num_rows", "vocab_size"],
  constants: [],
  parts: ({ num_rows }) => num_rows,
});

export const topK = defineCpuKernel({
  name: "topK",
  bindings: ["logits", "top", "chosen"],
  dims: ["num_rows", "vocab_size", "k"],
  constants: [],
  parts: ({ num_rows }) => num_rows,
});

/** Does what logit-moments and logit-summary do together. */
export const logitSummary = defineCpuKernel({
  name: "logitSummary",
  bindings: ["logits", "summary"],
  dims: ["num_rows", "vocab_size"],
  constants: [],
  parts: ({ num_rows }) => num_rows,
});
