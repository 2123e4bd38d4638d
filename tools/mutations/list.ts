/** One thing broken: in `file` the text `find`, which stands there once, becomes `replace`. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The smallest suite that should notice. */
  readonly suite: Suite;
}

/** A Vitest project and one of its files. */
export type Suite = `${"unit" | "gpu" | "parity"} ${string}`;

const kernel = (name: string): Suite => `gpu src/kernels/${name}.gpu.test.ts`;
const logits: Suite = "parity src/model/small.parity.test.ts";
const loop: Suite = "gpu src/generate/generate.gpu.test.ts";
const notebookLoop: Suite = "parity src/generate/small.parity.test.ts";

/** What gets attention wrong. */
const attention: Mutation[] = [
  {
    name: "the causal mask is dropped",
    file: "src/model/multi-head-attention.ts",
    find: 'causal: Number(mask === "causal")',
    replace: "causal: 0",
    suite: logits,
  },
  {
    name: "one live key too many",
    file: "shaders/causal-attention.wgsl",
    find: "select(dims.num_tokens, t + 1u, causal)",
    replace: "select(dims.num_tokens, t + 2u, causal)",
    suite: kernel("causal-attention"),
  },
  {
    name: "scores are not divided by sqrt(head_dim)",
    file: "shaders/causal-attention.wgsl",
    find: "score /= sqrt(f32(head_dim));",
    replace: "",
    suite: logits,
  },
  {
    name: "the running total is not rescaled",
    file: "shaders/causal-attention.wgsl",
    find: "total *= rescale;",
    replace: "",
    suite: kernel("causal-attention"),
  },
  {
    name: "W_query and W_key are swapped",
    file: "src/model/weight-tensors.ts",
    find: "{ W_query: 0, W_key: 1, W_value: 2 }",
    replace: "{ W_query: 1, W_key: 0, W_value: 2 }",
    suite: logits,
  },
  {
    name: "queries and keys are swapped",
    file: "src/model/multi-head-attention.ts",
    find: "{ q: workspace.q, k, v, past: cache.past, y: workspace.mixed }",
    replace: "{ q: k, k: workspace.q, v, past: cache.past, y: workspace.mixed }",
    suite: logits,
  },
  {
    name: "every row writes to its cache as if it were full",
    file: "shaders/stages/output-qkv.wgsl",
    find: "row / dims.num_tokens * dims.capacity + position",
    replace: "row / dims.num_tokens * (past[0] + dims.num_tokens) + position",
    suite: loop,
  },
  {
    name: "the cache does not grow",
    file: "src/model/decoding.ts",
    find: "this.#past += num_tokens;",
    replace: "",
    suite: loop,
  },
];

/** What gets the other parts of a block wrong. */
const block: Mutation[] = [
  {
    name: "LayerNorm's eps is 1e-6",
    file: "shaders/layer-norm.wgsl",
    find: "const eps = 1e-5;",
    replace: "const eps = 1e-6;",
    suite: kernel("layer-norm"),
  },
  {
    name: "LayerNorm's eps is 1e-6, on the way into a product",
    file: "shaders/stages/input-normed.wgsl",
    find: "const eps = 1e-5;",
    replace: "const eps = 1e-6;",
    suite: kernel("normed"),
  },
  {
    name: "LayerNorm's variance is the unbiased one",
    file: "shaders/layer-norm.wgsl",
    find: "sum_over_threads(squares, lane) / f32(dims.emb_dim) + eps",
    replace: "sum_over_threads(squares, lane) / f32(dims.emb_dim - 1u) + eps",
    suite: logits,
  },
  {
    name: "final_norm is left out",
    file: "src/model/gpt-model.ts",
    find: "const normed = this.final_norm.forward(pass, x, which);",
    replace: "const normed = { buffer: x };",
    suite: logits,
  },
  {
    name: "a Linear forgets its bias",
    file: "shaders/stages/output-linear.wgsl",
    find: "value += bias[column];",
    replace: "value += 0.0 * bias[column];",
    suite: logits,
  },
  {
    name: "query, key and value forget their bias",
    file: "shaders/stages/output-qkv.wgsl",
    find: "value += bias[column];",
    replace: "value += 0.0 * bias[column];",
    suite: logits,
  },
  {
    name: "a residual connection is missing",
    file: "shaders/stages/output-linear.wgsl",
    find: "value += shortcut[at];",
    replace: "value += 0.0 * shortcut[at];",
    suite: logits,
  },
  {
    name: "attention's residual is what was normed",
    file: "src/model/transformer-block.ts",
    find: "this.att.forward(pass, normed, shortcut, workspace.x_attended)",
    replace: "this.att.forward(pass, normed, normed.buffer, workspace.x_attended)",
    suite: logits,
  },
  {
    name: "GELU by the error function",
    file: "shaders/stages/gelu.wgsl",
    find: "  return 0.5 * x * (1.0 + tanh(clamp(inner, -15.0, 15.0)));",
    replace: `  let z = abs(x) * 0.7071067811865476;
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let p = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return 0.5 * x * (1.0 + sign(x) * (1.0 - p * exp(-z * z)));`,
    suite: kernel("gelu"),
  },
  {
    name: "GELU's argument is not clamped",
    file: "shaders/stages/gelu.wgsl",
    find: "tanh(clamp(inner, -15.0, 15.0))",
    replace: "tanh(inner)",
    suite: kernel("gelu"),
  },
  {
    name: "positions start from 1",
    file: "shaders/embedding.wgsl",
    find: "past[0] + row % dims.num_tokens",
    replace: "past[0] + row % dims.num_tokens + 1u",
    suite: logits,
  },
  {
    name: "a new token has position 0",
    file: "shaders/embedding.wgsl",
    find: "past[0] + row % dims.num_tokens",
    replace: "0u * past[0] + row % dims.num_tokens",
    suite: loop,
  },
];

/** What gets a product wrong: each of its kernels, and tensors in parts. */
const products: Mutation[] = [
  {
    name: "matmul: a tile reads beyond its chunks",
    file: "shaders/matmul.wgsl",
    find: "chunk < chunks && first_row",
    replace: "first_row",
    suite: kernel("linear"),
  },
  {
    name: "matmul-by-thread: the second feature twice",
    file: "shaders/matmul-by-thread.wgsl",
    find: "let w_2 = weight(w_at.z + i);",
    replace: "let w_2 = weight(w_at.y + i);",
    suite: logits,
  },
  {
    name: "matvec: the first feature twice",
    file: "shaders/matvec.wgsl",
    find: "let w_1 = weight(w_at.y + i);",
    replace: "let w_1 = weight(w_at.x + i);",
    suite: logits,
  },
  {
    name: "matmul-by-broadcast: two rows change places",
    file: "shaders/matmul-by-broadcast.wgsl",
    find: "subgroupBroadcast(other, 3u)",
    replace: "subgroupBroadcast(other, 2u)",
    suite: logits,
  },
  {
    name: "first_out is ignored: every part is the first",
    file: "shaders/stages/output-linear.wgsl",
    find: "let column = dims.first_out + feature;",
    replace: "let column = feature;",
    suite: "gpu src/model/split-tensors.gpu.test.ts",
  },
  {
    name: "first_id is ignored: every part is the first",
    file: "shaders/embedding.wgsl",
    find: "weight((id - dims.first_id) * chunks + channel)",
    replace: "weight(id * chunks + channel)",
    suite: kernel("embedding"),
  },
];

const dropout: Mutation[] = [
  {
    name: "dropout: its stream begins where the weights began",
    file: "src/weights/seeded.ts",
    find: "return jumped(MersenneTwister.seeded(this.seed), draws);",
    replace: "return jumped(MersenneTwister.seeded(this.seed), 0 * draws);",
    suite: logits,
  },
  {
    name: "dropout: a draw too many in every block",
    file: "src/model/multi-head-attention.ts",
    find: "this.W_qkv.forwardToCache(pass, x, this.layer);",
    replace: "this.W_qkv.forwardToCache(pass, x, this.layer);\n    dropout?.draw();",
    suite: logits,
  },
  {
    name: "dropout: another multiplier",
    file: "shaders/stages/mcg31.wgsl",
    find: "const MCG31_A = 1132489760u;",
    replace: "const MCG31_A = 1132489761u;",
    suite: kernel("dropout"),
  },
  {
    name: "dropout: keeps what it should drop",
    file: "shaders/dropout.wgsl",
    find: "mcg31_state(dims.dropout_seed, i) < dims.keep_below",
    replace: "mcg31_state(dims.dropout_seed, i) >= dims.keep_below",
    suite: kernel("dropout"),
  },
  {
    name: "dropout: attention's weights are not scaled up",
    file: "shaders/causal-attention.wgsl",
    find: "select(0.0, weight / bitcast<f32>(dims.keep_bits), keep)",
    replace: "select(0.0, weight, keep)",
    suite: logits,
  },
];

const weights: Mutation[] = [
  {
    name: "normal weights: sine and cosine change places",
    file: "src/weights/simd-blocks.ts",
    find: "f32x4.mul(get(radius), v128.select(get(sin), get(cos), get(swap))),",
    replace: "f32x4.mul(get(radius), v128.select(get(cos), get(sin), get(swap))),",
    suite: logits,
  },
  {
    name: "square weights are transposed",
    file: "src/model/weight-tensors.ts",
    find: "let rest: Float32Array<ArrayBuffer> = data;",
    replace: `const n = shape[0]!;
  const square = shape[1] === n && data.length === n * n;
  let rest = square ? data.map((_, i) => data[(i % n) * n + Math.floor(i / n)]!) : data;`,
    suite: logits,
  },
  {
    name: "W_key is created before W_query",
    file: "src/weights/parameters.ts",
    find: `  ...linear(\`\${name}.att.W_query\`, emb_dim, emb_dim, qkv_bias),
  ...linear(\`\${name}.att.W_key\`, emb_dim, emb_dim, qkv_bias),`,
    replace: `  ...linear(\`\${name}.att.W_key\`, emb_dim, emb_dim, qkv_bias),
  ...linear(\`\${name}.att.W_query\`, emb_dim, emb_dim, qkv_bias),`,
    suite: logits,
  },
  {
    name: "the first model to go takes the shared weights with it",
    file: "src/model/shared-weights.ts",
    find: "if (--joined.users > 0) return;",
    replace: "--joined.users;",
    suite: "gpu src/model/shared-weights.gpu.test.ts",
  },
  {
    name: "a wrong answer of the GPU is believed",
    file: "src/model/known-answer.ts",
    find: "if (id !== expected.id || !(error <= tolerance)) {",
    replace: "if (id !== id) {",
    suite: "gpu src/model/known-answer.gpu.test.ts",
  },
];

/** What gets choosing tokens wrong. */
const choosing: Mutation[] = [
  {
    name: "argmax: of equal logits the last id",
    file: "shaders/argmax.wgsl",
    find: "best_id[other] < best_id[lane]",
    replace: "best_id[other] > best_id[lane]",
    suite: kernel("argmax"),
  },
  {
    name: "top-k: probabilities over k ids alone",
    file: "shaders/top-k.wgsl",
    find: `      for (var i = lane; i < dims.vocab_size; i += threads) {
        total +=`,
    replace: `      for (var i = lane; i < dims.k; i += threads) {
        total +=`,
    suite: loop,
  },
  {
    name: "the first position chooses, not the last",
    file: "src/model/decoding.ts",
    find: "first: num_tokens - 1, stride: num_tokens",
    replace: "first: 0, stride: num_tokens",
    suite: loop,
  },
  {
    name: "forward: the last logits are those of the first position",
    file: "src/model/forward.ts",
    find: "first: done * stride + stride - 1, stride",
    replace: "first: done * stride, stride",
    suite: logits,
  },
  {
    name: "generateTextSimple crops from the wrong end",
    file: "src/generate/generate-text-simple.ts",
    find: "row.slice(-context_size)",
    replace: "row.slice(0, context_size)",
    suite: notebookLoop,
  },
  {
    name: "generate crops from the wrong end",
    file: "src/generate/generate.ts",
    find: "row.slice(-contextSize)",
    replace: "row.slice(0, contextSize)",
    suite: loop,
  },
  {
    name: "the cache is not rebuilt when the context slides",
    file: "src/generate/generate.ts",
    find: " || length > contextSize",
    replace: "",
    suite: loop,
  },
  {
    name: "the cache is used without a mask",
    file: "src/generate/generate.ts",
    find: 'const cached = kvCache && model.mask === "causal";',
    replace: "const cached = kvCache;",
    suite: loop,
  },
  {
    name: "a token that is chosen is not appended",
    file: "src/generate/generate.ts",
    find: "rows[row]!.push(id);",
    replace: "void [row, id];",
    suite: loop,
  },
  {
    name: "leaving the loop frees nothing",
    file: "src/generate/generate.ts",
    find: "await decoding.destroy();",
    replace: "",
    suite: "gpu src/generate/generate-lifetime.gpu.test.ts",
  },
];

export const mutations: readonly Mutation[] = [
  ...attention,
  ...block,
  ...products,
  ...dropout,
  ...weights,
  ...choosing,
];
