import type { MersenneTwister } from "./mersenne-twister.ts";

/** PyTorch's dropout on an Intel CPU uses MCG31m1: x' = 1132489760 x mod (2^31 - 1), u = x / (2^31 - 1). */
const MODULUS = 2 ** 31 - 1;

/** The seeds of a model's dropout masks, one for each call of dropout, in the order of the calls. */
export class DropoutStream {
  readonly #generator: MersenneTwister;

  /** `generator`: as the weights left it. The stream draws from a copy, so models that share weights do not mix. */
  constructor(generator: MersenneTwister) {
    this.#generator = generator.clone();
  }

  /** x of the next mask's first element, in 1 ... 2^31 - 2. */
  nextSeed(): number {
    return this.#generator.draw() % MODULUS || 1;
  }
}

/**
 * The smallest integer s with s / (2^31 - 1) >= 1 - p in f64: element i is kept where x_i < s, which is PyTorch's
 * u_i < 1 - p without a division. p: the share of elements to drop, 0 <= p < 1.
 */
export function keepThreshold(p: number): number {
  let s = Math.floor((1 - p) * MODULUS) - 1; // below the threshold, however the product was rounded
  while (s / MODULUS < 1 - p) s++;
  return s;
}
