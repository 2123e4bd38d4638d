/** What one tensor of a file holds. */
export interface Holding {
  /** Its name, without what programs put around a model's names. */
  readonly name: string;
  /** Our names of what it holds: one, or query, key and value side by side. */
  readonly into: readonly string[];
  /** A matrix whose inputs and outputs may be stored either way round. */
  readonly isMatrix?: boolean;
}

/** How a program names the tensors of a GPT-2. */
export interface Naming {
  readonly tokens: string;
  readonly positions: string;
  readonly head: string;
  /** What the names of block N begin with, before ".N.". */
  readonly blocks: string;
  /** Names behind "h.N.", with ours behind "trf_blocks.N.". */
  readonly inBlock: readonly Holding[];
  readonly afterBlocks: readonly Holding[];
  /** The bias of query, key and value, behind "h.N.". */
  readonly qkvBias: string;
  /** Saved tensors that are no weights: causal masks, a cache. */
  readonly buffers: RegExp;
  /** Whether matrices are stored as [in, out], where their shapes do not say otherwise. */
  readonly isConv1D: boolean;
}

const triple = (part: string) => ["W_query", "W_key", "W_value"].map((name) => `att.${name}.${part}`);

/** Hugging Face's names, with Conv1D weights; nanoGPT has the same names, with Linear weights. */
const huggingFace: Naming = {
  tokens: "wte.weight",
  positions: "wpe.weight",
  head: "lm_head.weight",
  blocks: "h",
  inBlock: [
    { name: "ln_1.weight", into: ["norm1.scale"] },
    { name: "ln_1.bias", into: ["norm1.shift"] },
    { name: "attn.c_attn.weight", into: triple("weight"), isMatrix: true },
    { name: "attn.c_attn.bias", into: triple("bias") },
    { name: "attn.c_proj.weight", into: ["att.out_proj.weight"], isMatrix: true },
    { name: "attn.c_proj.bias", into: ["att.out_proj.bias"] },
    { name: "ln_2.weight", into: ["norm2.scale"] },
    { name: "ln_2.bias", into: ["norm2.shift"] },
    { name: "mlp.c_fc.weight", into: ["ff.layers.0.weight"], isMatrix: true },
    { name: "mlp.c_fc.bias", into: ["ff.layers.0.bias"] },
    { name: "mlp.c_proj.weight", into: ["ff.layers.2.weight"], isMatrix: true },
    { name: "mlp.c_proj.bias", into: ["ff.layers.2.bias"] },
  ],
  afterBlocks: [
    { name: "ln_f.weight", into: ["final_norm.scale"] },
    { name: "ln_f.bias", into: ["final_norm.shift"] },
  ],
  qkvBias: "attn.c_attn.bias",
  buffers: /^h\.\d+\.attn\.(masked_)?bias$/,
  isConv1D: true,
};

/** The notebook's names, which are ours. */
const notebook: Naming = {
  tokens: "tok_emb.weight",
  positions: "pos_emb.weight",
  head: "out_head.weight",
  blocks: "trf_blocks",
  inBlock: [
    ...[...triple("weight"), ...triple("bias")],
    ...["att.out_proj.weight", "att.out_proj.bias"],
    ...["ff.layers.0.weight", "ff.layers.0.bias", "ff.layers.2.weight", "ff.layers.2.bias"],
    ...["norm1.scale", "norm1.shift", "norm2.scale", "norm2.shift"],
  ].map((name) => ({ name, into: [name] })),
  afterBlocks: ["final_norm.scale", "final_norm.shift"].map((name) => ({ name, into: [name] })),
  qkvBias: "att.W_query.bias",
  buffers: /^(trf_blocks\.\d+\.att\.(mask|cache_[kv]|ptr_cur|ptr_current_pos)|ptr_current_pos|current_pos)$/,
  isConv1D: false,
};

/** The notebook's names in the course's variants that compute query, key and value by one matrix. */
const notebookFused: Naming = {
  ...notebook,
  inBlock: [
    { name: "att.qkv.weight", into: triple("weight") },
    { name: "att.qkv.bias", into: triple("bias") },
    ...notebook.inBlock.filter(({ name }) => !name.startsWith("att.W_")),
  ],
  qkvBias: "att.qkv.bias",
};

/** Finds the naming scheme of a file by its names without wrappers. */
export function namingOf(names: readonly string[]): Naming {
  const isNotebook = names.some((name) => name === notebook.tokens || name.startsWith("trf_blocks."));
  if (!isNotebook) return huggingFace;
  return names.some((name) => name.includes(".att.qkv.")) ? notebookFused : notebook;
}

/** Modules that programs put around a model, outermost first in any order. */
const AROUND = /^(?:(?:model|transformer|module|_orig_mod)\.)+/;
/** Modules that they put around parts of it, wherever these stand: `torch.compile`, sharded and checkpointed training. */
const WITHIN = /(?<=\.)(?:module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\./g;

/**
 * The name of a tensor as the model's own class has it: "module._orig_mod.transformer.h.0.ln_1.bias" is "h.0.ln_1.bias".
 * PyTorch's LayerNorm in place of the notebook's calls scale and shift weight and bias; one of its variants calls
 * `out_proj` `proj`.
 */
export const bareName = (name: string): string =>
  name
    .replace(/^_(?:fsdp|checkpoint)_wrapped_module\./, "")
    .replace(WITHIN, "")
    .replace(AROUND, "")
    .replace(/^(trf_blocks\.\d+\.norm[12]|final_norm)\.weight$/, "$1.scale")
    .replace(/^(trf_blocks\.\d+\.norm[12]|final_norm)\.bias$/, "$1.shift")
    .replace(/^(trf_blocks\.\d+\.att)\.proj\./, "$1.out_proj.");
