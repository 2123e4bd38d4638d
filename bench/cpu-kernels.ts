/*
 * How fast the processor's kernels compute GPT-2's 124 million parameters in one thread of Node, without a page:
 * a token at several lengths of the cache, and prefills. `tsx bench/cpu-kernels.ts [f16|int8] [relaxed]`
 */
import v8 from "node:v8";
import { bindCpuKernel, type CpuKernel, type Share } from "../src/cpu/cpu-kernel.ts";
import * as kernels from "../src/cpu/cpu-kernels.ts";
import { compile } from "../tools/assembly/compile.ts";

const emb_dim = 768;
const n_heads = 12;
const n_layers = 12;
const vocab_size = 50257;
const context_length = 1024;
const SAMPLES = 9;

const relaxed = process.argv.includes("relaxed");
const bytes = await compile("src/cpu/assembly/index.ts", { relaxed });
if (!WebAssembly.validate(bytes)) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
const memory = new WebAssembly.Memory({ initial: 16_384, maximum: 65_536 });
const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });

const precision = (["f16", "int8"] as const).find((name) => process.argv.includes(name)) ?? "f32";
const bytesOfWeight = { f32: 4, f16: 2, int8: 36 / 32 }[precision];
const format = kernels.weightFormats[precision];

let end = 64;
/** So many values, small ones. */
function tensor(values: number): number {
  const at = end;
  end = Math.ceil((end + 4 * values) / 64) * 64;
  const view = new Float32Array(memory.buffer, at, values);
  for (let i = 0; i < values; i++) view[i] = ((i % 29) - 14) / 100;
  return at;
}

/** Weights of this precision: 0.1 and -0.1 in f16, bytes with a scale of 0.1 in int8. */
function weights(values: number): number {
  if (precision === "f32") return tensor(values);
  const count = Math.ceil((values * bytesOfWeight) / 4);
  const at = tensor(count);
  const words = new Uint32Array(memory.buffer, at, count);
  if (precision === "f16") words.fill(0x2e66ae66);
  else words.fill(0x7f81407e);
  const scales = new Float32Array(memory.buffer, at, count);
  if (precision === "int8") for (let i = 8; i < count; i += 9) scales[i] = 0.1;
  return at;
}

const scratch = tensor(16 * 4 * emb_dim);
const embeddings = { w: weights(vocab_size * emb_dim), pos_emb: tensor(context_length * emb_dim) };
const layers = Array.from({ length: n_layers }, () => ({
  scale: tensor(emb_dim),
  shift: tensor(emb_dim),
  qkv: { w: weights(3 * emb_dim * emb_dim), bias: tensor(3 * emb_dim) },
  out: { w: weights(emb_dim * emb_dim), bias: tensor(emb_dim) },
  ff0: { w: weights(4 * emb_dim * emb_dim), bias: tensor(4 * emb_dim) },
  ff2: { w: weights(4 * emb_dim * emb_dim), bias: tensor(emb_dim) },
  k: tensor(context_length * emb_dim),
  v: tensor(context_length * emb_dim),
}));
const activations = {
  idx: tensor(context_length),
  cache_len: tensor(1),
  x: tensor(context_length * emb_dim),
  x_attended: tensor(context_length * emb_dim),
  normed: tensor(context_length * emb_dim),
  q: tensor(context_length * emb_dim),
  context_vec: tensor(context_length * emb_dim),
  hidden: tensor(context_length * 4 * emb_dim),
  stats: tensor(2 * n_heads),
  logits: tensor(vocab_size),
  top: tensor(30),
  chosen: tensor(1),
};
new Uint32Array(memory.buffer, activations.idx, context_length).fill(123);

interface Dispatch {
  name: string;
  parts: number;
  share: Share;
}

/** One forward pass over `num_tokens` tokens, and the logits of the last. */
function record(num_tokens: number): Dispatch[] {
  const dispatches: Dispatch[] = [];
  function add<B extends string, D extends string, C extends string>(
    kernel: CpuKernel<B, D, C>,
    addresses: Record<B, number>,
    dims: Record<D, number>,
    constants: Record<C, number>,
  ): void {
    const share = bindCpuKernel(kernel, instance.exports, addresses, dims, constants, scratch);
    dispatches.push({ name: kernel.name, parts: kernel.parts(dims), share });
  }
  const { idx, cache_len, x, x_attended, normed, q, context_vec, hidden, stats, logits, top, chosen } =
    activations;
  const rows = num_tokens;
  const norm = { num_tokens, emb_dim, first: 0, stride: 1 };
  const product = (in_dim: number, out_dim: number) => ({
    num_rows: rows,
    in_dim,
    out_dim,
    first_out: 0,
    y_dim: out_dim,
  });
  const residual = { has_bias: 1, has_gelu: 0, has_shortcut: 1, format };
  add(
    kernels.embedding,
    { idx, cache_len, x, ...embeddings },
    { num_rows: rows, num_tokens, emb_dim, first_id: 0, num_ids: vocab_size },
    { format },
  );
  for (const { scale, shift, qkv, out, ff0, ff2, k, v } of layers) {
    add(kernels.layerNorm, { x, scale, shift, y: normed }, norm, {});
    const { y_dim, ...toCache } = product(emb_dim, 3 * emb_dim);
    add(
      kernels.qkv,
      { x: normed, ...qkv, cache_len, q, k, v },
      { ...toCache, num_tokens, capacity: context_length },
      { has_bias: 1, format },
    );
    const attention = {
      ...{ batch: 1, num_tokens, n_heads, head_dim: emb_dim / n_heads, capacity: context_length },
      ...{ dropout_seed: 1, keep_threshold: 0, keep_prob_bits: 0 },
    };
    const seen = { q, k, v, cache_len };
    if (num_tokens === 1)
      add(kernels.flashDecoding, { ...seen, partials: context_vec, stats }, attention, {});
    else add(kernels.attention, { ...seen, y: context_vec }, attention, { causal: 1, dropout: 0 });
    add(
      kernels.linear,
      { x: context_vec, ...out, shortcut: x, y: x_attended },
      product(emb_dim, emb_dim),
      residual,
    );
    add(kernels.layerNorm, { x: x_attended, scale, shift, y: normed }, norm, {});
    add(kernels.linear, { x: normed, ...ff0, shortcut: x, y: hidden }, product(emb_dim, 4 * emb_dim), {
      has_bias: 1,
      has_gelu: 1,
      has_shortcut: 0,
      format,
    });
    add(
      kernels.linear,
      { x: hidden, ...ff2, shortcut: x_attended, y: x },
      product(4 * emb_dim, emb_dim),
      residual,
    );
  }
  const { scale, shift } = layers[0]!;
  const last = { num_tokens: 1, emb_dim, first: num_tokens - 1, stride: 1 };
  add(kernels.layerNorm, { x, scale, shift, y: normed }, last, {});
  add(
    kernels.linear,
    { x: normed, w: embeddings.w, bias: x, shortcut: x, y: logits },
    { ...product(emb_dim, vocab_size), num_rows: 1 },
    { has_bias: 0, has_gelu: 0, has_shortcut: 0, format },
  );
  add(kernels.topK, { logits, top, chosen }, { num_rows: 1, vocab_size, k: 10 }, {});
  return dispatches;
}

const blockWeights = n_layers * 12 * emb_dim * emb_dim;
const headWeights = vocab_size * emb_dim;

function measure(num_tokens: number, cache_len: number): void {
  const dispatches = record(num_tokens);
  new Uint32Array(memory.buffer, activations.cache_len, 1)[0] = cache_len;
  let best = Number.POSITIVE_INFINITY;
  let times = new Map<string, number>();
  for (let sample = 0; sample < SAMPLES; sample++) {
    const own = new Map<string, number>();
    let total = 0;
    for (const { name, parts, share } of dispatches) {
      const start = performance.now();
      share(0, parts);
      const ms = performance.now() - start;
      total += ms;
      own.set(name, (own.get(name) ?? 0) + ms);
    }
    if (total < best) [best, times] = [total, own];
  }
  const keys = 2 * n_layers * (cache_len + num_tokens) * emb_dim;
  const flops = 2 * (num_tokens * blockWeights + headWeights) + 2 * num_tokens * keys;
  const gb = (bytesOfWeight * (blockWeights + headWeights) + 4 * keys) / 1e9;
  const shares = [...times].map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(", ");
  console.log(
    `${num_tokens} tokens after ${cache_len}: ${best.toFixed(1)} ms, ${((1e3 * gb) / best).toFixed(1)} GB/s, ` +
      `${(flops / best / 1e6).toFixed(1)} GFLOP/s (${shares})`,
  );
}

for (const cache_len of [0, 64, 1023]) measure(1, cache_len);
for (const num_tokens of [2, 4, 8, 16, 64, 256]) measure(num_tokens, 0);
