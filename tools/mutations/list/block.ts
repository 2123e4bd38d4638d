import { kernel, logits, loop, type Mutation } from "../mutation.ts";

/** What gets the other parts of a block wrong. */
export const block: Mutation[] = [
  {
    name: "LayerNorm's eps is 1e-6",
    file: "shaders/norm/layer-norm.wgsl",
    find: "const eps = 1e-5;",
    replace: "const eps = 1e-6;",
    suite: kernel("layer-norm"),
  },
  {
    name: "LayerNorm's eps is 1e-6, on the way into a product",
    file: "shaders/parts/prologue-layer-norm.wgsl",
    find: "const eps = 1e-5;",
    replace: "const eps = 1e-6;",
    suite: kernel("layer-norm-prologue"),
  },
  {
    name: "LayerNorm's variance is the unbiased one",
    file: "shaders/norm/layer-norm.wgsl",
    find: "sum_over_threads(squares, lane) / f32(dims.emb_dim) + eps",
    replace: "sum_over_threads(squares, lane) / f32(dims.emb_dim - 1u) + eps",
    suite: logits,
  },
  {
    name: "final_norm is left out",
    file: "src/model/gpt-model.ts",
    find: 'const normed = this.final_norm.forward(pass, x, "linear", rows);',
    replace: "const normed = { buffer: x };",
    suite: logits,
  },
  {
    name: "a Linear forgets its bias",
    file: "shaders/parts/epilogue-linear.wgsl",
    find: "value += bias[column];",
    replace: "value += 0.0 * bias[column];",
    suite: logits,
  },
  {
    name: "query, key and value forget their bias",
    file: "shaders/parts/epilogue-qkv.wgsl",
    find: "value += bias[column];",
    replace: "value += 0.0 * bias[column];",
    suite: logits,
  },
  {
    name: "a residual connection is missing",
    file: "shaders/parts/epilogue-linear.wgsl",
    find: "value += shortcut[at];",
    replace: "value += 0.0 * shortcut[at];",
    suite: logits,
  },
  {
    name: "attention's residual is what was normed",
    file: "src/model/transformer-block.ts",
    find: "addShortcut(pass, product, shortcut, workspace.x_attended)",
    replace: "addShortcut(pass, product, normed.buffer, workspace.x_attended)",
    suite: logits,
  },
  {
    name: "GELU by the error function",
    file: "shaders/parts/gelu.wgsl",
    find: "  return 0.5 * value * (1.0 + tanh(clamp(inner, -15.0, 15.0)));",
    replace: `  let z = abs(value) * 0.7071067811865476;
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let p = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return 0.5 * value * (1.0 + sign(value) * (1.0 - p * exp(-z * z)));`,
    suite: kernel("gelu"),
  },
  {
    name: "GELU's argument is not clamped",
    file: "shaders/parts/gelu.wgsl",
    find: "tanh(clamp(inner, -15.0, 15.0))",
    replace: "tanh(inner)",
    suite: kernel("gelu"),
  },
  {
    name: "positions start from 1",
    file: "shaders/embedding/embedding.wgsl",
    find: "cache_len[0] + row % dims.num_tokens",
    replace: "cache_len[0] + row % dims.num_tokens + 1u",
    suite: logits,
  },
  {
    name: "a new token has position 0",
    file: "shaders/embedding/embedding.wgsl",
    find: "cache_len[0] + row % dims.num_tokens",
    replace: "0u * cache_len[0] + row % dims.num_tokens",
    suite: loop,
  },
];
