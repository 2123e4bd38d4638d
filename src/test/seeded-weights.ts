import type { GPTConfig } from "../config.ts";
import { type Init, parameters, sizeOf } from "../weights/parameters.ts";
import { MersenneTwister } from "../weights/seed/mersenne-twister.ts";

/*
 * PyTorch's initial weights the plain way: one value after the other, all of them in memory. Slow, and therefore only
 * for small models in tests; the product's own generator of weights has to give the same values.
 */

/** A small model's tensors under PyTorch's names, and its generator, which stands where the weights ended. */
export interface SeededWeights {
  weights: Map<string, { shape: readonly number[]; data: Float32Array }>;
  generator: MersenneTwister;
}

/** The weights of `GPTModel(config)` after `torch.manual_seed(seed)`. */
export function seededWeights(config: GPTConfig, seed: number): SeededWeights {
  const generator = MersenneTwister.seeded(seed);
  const weights: SeededWeights["weights"] = new Map();
  for (const { name, shape, init } of parameters(config)) {
    weights.set(name, { shape, data: initialValues(init, sizeOf(shape), generator) });
  }
  return { weights, generator };
}

function initialValues(init: Init, length: number, generator: MersenneTwister): Float32Array {
  const uniform = () => (generator.draw() & 0xffffff) * 2 ** -24;
  if (init === "ones") return new Float32Array(length).fill(1);
  if (init === "zeros") return new Float32Array(length);
  if (init === "normal") return normalValues(length, uniform);
  const from = Math.fround(-init.uniform);
  const width = Math.fround(-2 * from);
  return Float32Array.from({ length }, () => Math.fround(uniform() * width) + from);
}

/** Standard normal values: uniform ones, changed 16 at a time; the last 16 are drawn once more where they overlap. */
function normalValues(length: number, uniform: () => number): Float32Array {
  const values = Float32Array.from({ length }, uniform);
  for (let start = 0; start + 16 <= length; start += 16) boxMuller(values.subarray(start, start + 16));
  if (length % 16 !== 0) {
    const last = values.subarray(length - 16);
    last.set(Float32Array.from(last, uniform));
    boxMuller(last);
  }
  return values;
}

/** Mutex 16 uniform values into normal ones: value j gives the radius, value j + 8 the angle of a pair. */
function boxMuller(group: Float32Array): void {
  for (let j = 0; j < 8; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - group[j]));
    const angle = 2 * Math.PI * group[j + 8];
    group[j] = radius * Math.cos(angle);
    group[j + 8] = radius * Math.sin(angle);
  }
}
