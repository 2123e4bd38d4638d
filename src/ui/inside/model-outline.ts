import type { GPTConfig } from "../../config.ts";

/** A module of the notebook's GPTModel: what it is called there, what it gives, and where it stands here. */
export interface Module {
  /** The attribute of the notebook's class: "norm1". Its operation where it has no name of its own: "+ shortcut". */
  name: string;
  /** What it does, in a few words. */
  does: string;
  /** The shape of what it gives: "[1, 4, 768]". */
  shape: string;
  /** "src/model/layer-norm.ts" */
  file: string;
  /** The kernel that most adapters run for it: "shaders/norm/layer-norm.wgsl". */
  shader: string;
}

/** The network from the ids to the logits. */
export interface Outline {
  before: readonly Module[];
  /** Of each of the `n_layers` blocks. */
  block: readonly Module[];
  after: readonly Module[];
}

const shaderOf = {
  embedding: "shaders/embedding/embedding.wgsl",
  dropout: "shaders/embedding/dropout.wgsl",
  norm: "shaders/norm/layer-norm.wgsl",
  attention: "shaders/attention/flash-attention.wgsl",
  linear: "shaders/matmul/matvec.wgsl",
  epilogue: "shaders/parts/epilogue-linear.wgsl",
} as const;

/**
 * @param B rows of the batch
 * @param T tokens that the model reads of each
 */
export function outlineOf(
  { emb_dim, vocab_size, n_heads, drop_rate }: GPTConfig,
  B: number,
  T: number,
): Outline {
  const x = `[${B}, ${T}, ${emb_dim}]`;
  const dropout = `sets a share of ${drop_rate} to 0 in training; now it does nothing`;
  const drop = (name: string): Module => ({
    name,
    does: dropout,
    shape: x,
    file: "src/model/dropout.ts",
    shader: shaderOf.dropout,
  });
  const norm = (name: string): Module => ({
    name,
    does: "brings each token's vector to mean 0 and variance 1, then scales and shifts it",
    shape: x,
    file: "src/model/layer-norm.ts",
    shader: shaderOf.norm,
  });
  const shortcut = (of: string): Module => ({
    name: "x = x + shortcut",
    does: `adds what went into ${of}`,
    shape: x,
    file: "src/model/transformer-block.ts",
    shader: shaderOf.epilogue,
  });
  const embedding = { file: "src/model/embedding.ts", shader: shaderOf.embedding };
  return {
    before: [
      { name: "tok_emb", does: "looks up a vector for each id", shape: x, ...embedding },
      { name: "pos_emb", does: "adds a vector for each position", shape: x, ...embedding },
      drop("drop_emb"),
    ],
    block: [
      norm("norm1"),
      {
        name: "att",
        does: `MultiHeadAttention: ${n_heads} heads mix the tokens`,
        shape: x,
        file: "src/model/multi-head-attention.ts",
        shader: shaderOf.attention,
      },
      drop("drop_shortcut"),
      shortcut("norm1"),
      norm("norm2"),
      {
        name: "ff",
        does: `FeedForward: to ${4 * emb_dim} features, GELU, and back, each token for itself`,
        shape: x,
        file: "src/model/feed-forward.ts",
        shader: shaderOf.linear,
      },
      drop("drop_shortcut"),
      shortcut("norm2"),
    ],
    after: [
      norm("final_norm"),
      {
        name: "out_head",
        does: "gives each token of the vocabulary a logit",
        shape: `[${B}, ${T}, ${vocab_size}]`,
        file: "src/model/linear.ts",
        shader: shaderOf.linear,
      },
    ],
  };
}
