import { headerOf } from "./safetensors-file.ts";

/** A checkpoint of Hugging Face's GPT-2 layout, of any size, that can be made again bit for bit. */
export interface CheckpointRecipe {
  readonly vocab_size: number;
  readonly n_positions: number;
  readonly n_embd: number;
  readonly n_layer: number;
  readonly n_head: number;
  readonly seed: number;
  /** "F32" unless given. */
  readonly dtype?: "F32" | "F16" | "BF16";
  /** Whether names start with "transformer.", as those of GPT2LMHeadModel do and those of GPT2Model do not. */
  readonly prefix?: boolean;
  /** Whether the head is a matrix of its own; otherwise the file has none. */
  readonly head?: boolean;
  /** Whether the causal masks lie in the file too, as in the published ones. */
  readonly masks?: boolean;
}

/** One tensor of a recipe: what the header says, and what its values are like. */
interface MadeTensor {
  readonly name: string;
  readonly dtype: keyof typeof bytesOf;
  readonly shape: number[];
  /** Values lie in [center - spread, center + spread). */
  readonly spread: number;
  readonly center: number;
}

/** The significand bits that every value of a data type has; the grid of the values is this fine. */
const precision = { F32: 23, F16: 10, BF16: 7 };
const bytesOf = { F32: 4, F16: 2, BF16: 2 };

/**
 * The tensors of a recipe in the order of the file. The spreads are such that attention, feed-forward and residual all
 * move the logits: a model whose greedy text repeats one token would test little.
 */
export function madeTensors(recipe: CheckpointRecipe): MadeTensor[] {
  const { vocab_size, n_positions, n_embd, n_layer } = recipe;
  const dtype = recipe.dtype ?? "F32";
  const at = recipe.prefix ? "transformer." : "";
  const tensor = (name: string, shape: number[], spread: number, center = 0): MadeTensor => ({
    name,
    dtype,
    shape,
    spread,
    center,
  });
  // Powers of two near the Xavier bound keep every product exact.
  const weight = (inputs: number) => 2 ** Math.ceil(Math.log2(Math.sqrt(3 / inputs)));
  const layerNorm = (name: string) => [
    tensor(`${name}.weight`, [n_embd], 0.25, 1),
    tensor(`${name}.bias`, [n_embd], 0.125),
  ];
  const conv1d = (name: string, inputs: number, outputs: number) => [
    tensor(`${name}.weight`, [inputs, outputs], weight(inputs)),
    tensor(`${name}.bias`, [outputs], 0.125),
  ];
  const mask = (name: string): MadeTensor => ({
    name,
    dtype: "F32",
    shape: [1, 1, n_positions, n_positions],
    spread: 0,
    center: 1,
  });
  return [
    tensor(`${at}wte.weight`, [vocab_size, n_embd], 0.125),
    tensor(`${at}wpe.weight`, [n_positions, n_embd], 0.5),
    ...Array.from({ length: n_layer }, (_, i) => [
      ...layerNorm(`${at}h.${i}.ln_1`),
      ...(recipe.masks ? [mask(`${at}h.${i}.attn.bias`)] : []),
      ...conv1d(`${at}h.${i}.attn.c_attn`, n_embd, 3 * n_embd),
      ...conv1d(`${at}h.${i}.attn.c_proj`, n_embd, n_embd),
      ...layerNorm(`${at}h.${i}.ln_2`),
      ...conv1d(`${at}h.${i}.mlp.c_fc`, n_embd, 4 * n_embd),
      ...conv1d(`${at}h.${i}.mlp.c_proj`, 4 * n_embd, n_embd),
    ]).flat(),
    ...layerNorm(`${at}ln_f`),
    ...(recipe.head ? [tensor("lm_head.weight", [vocab_size, n_embd], 0.125)] : []),
  ];
}

const valuesIn = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
const bytesIn = ({ dtype, shape }: MadeTensor) => valuesIn(shape) * bytesOf[dtype];

/** The bytes of the file, in blocks of about a megabyte, so that one of any size can be written to disk. */
export function* checkpointBlocks(recipe: CheckpointRecipe): Generator<Uint8Array<ArrayBuffer>> {
  const tensors = madeTensors(recipe);
  const header = new TextEncoder().encode(headerOf(tensors, (i) => bytesIn(tensors[i]!)));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.byteLength), true);
  yield prefix;
  yield header;
  for (const [index, tensor] of tensors.entries()) yield* tensorBlocks(tensor, recipe.seed * 1000 + index);
}

/** The whole file of a small recipe. */
export function checkpointFile(recipe: CheckpointRecipe): Blob {
  return new Blob([...checkpointBlocks(recipe)], { type: "application/octet-stream" });
}

/** The `config.json` beside the file. */
export function configJson({ vocab_size, n_positions, n_embd, n_layer, n_head }: CheckpointRecipe): string {
  const config = {
    activation_function: "gelu_new",
    architectures: ["GPT2LMHeadModel"],
    attn_pdrop: 0.1,
    embd_pdrop: 0.1,
    layer_norm_epsilon: 1e-5,
    model_type: "gpt2",
    n_ctx: n_positions,
    n_embd,
    n_head,
    n_layer,
    n_positions,
    resid_pdrop: 0.1,
    vocab_size,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

const BLOCK_VALUES = 1 << 18;

function* tensorBlocks(tensor: MadeTensor, seed: number): Generator<Uint8Array<ArrayBuffer>> {
  const { dtype, shape, spread, center } = tensor;
  const draw = generator(seed);
  const total = valuesIn(shape);
  for (let at = 0; at < total; at += BLOCK_VALUES) {
    const length = Math.min(BLOCK_VALUES, total - at);
    const steps = 2 ** precision[dtype];
    const values = new Float32Array(length);
    // A draw has 32 bits; the highest precision + 1 of them are a whole number in [-steps, steps).
    for (let i = 0; i < length; i++)
      values[i] = center + ((draw() >>> (31 - precision[dtype])) - steps) * (spread / steps);
    yield dtype === "F32" ? new Uint8Array(values.buffer) : narrow(dtype, values);
  }
}

/** 16-bit floats: the values cut off to what those hold. None here is below a half's normal range except zero. */
function narrow(dtype: "F16" | "BF16", values: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer);
  const halves = Uint16Array.from(bits, (f32) => {
    if (dtype === "BF16") return f32 >>> 16;
    const exponent = ((f32 >>> 23) & 0xff) - 112;
    return exponent > 0 ? ((f32 >>> 16) & 0x8000) | (exponent << 10) | ((f32 >>> 13) & 0x3ff) : 0;
  });
  return new Uint8Array(halves.buffer);
}

/** 32 bits at a time, from Marsaglia's xorshift: whole-number arithmetic alone, so the same on every machine. */
function generator(seed: number): () => number {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x6a09e667) | 0 || 1;
  const draw = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 8; i++) draw(); // neighbouring seeds start alike
  return draw;
}
