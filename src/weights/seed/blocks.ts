import * as exact from "../../../assembly/seed/constants.ts";
import { type MersenneTwister, nextWord, STATE_WORDS, temper } from "./mersenne-twister.ts";

/** The most numbers that are made at once: small enough for the processor's fastest cache. */
export const BLOCK = 4096;

/** Normals are made in groups of so many. */
export const NORMAL_GROUP = 16;

/**
 * The two inner loops behind every weight. There are two implementations with the same results to the last bit:
 * `PlainBlocks` here, to be read, and `SimdBlocks`, four numbers at a time in WebAssembly, to be fast.
 */
export interface Blocks {
  /** Where results appear: BLOCK values. */
  readonly block: Float32Array;
  /**
   * Draws n numbers, keeps the low 24 bits k of each, as PyTorch does for a float, and puts (k - center) * scale, a
   * product of floats, into the first n places of `block`. n: 0 ... BLOCK; center: 0 ... 2^23.
   */
  draw(n: number, center: number, scale: number): void;
  /**
   * Turns the first n values of `block`, uniform in [0, 1), into standard normals, in groups of 16: value j and value
   * j + 8 of a group become one pair (Box-Muller). n: a multiple of 16.
   */
  boxMuller(n: number): void;
}

const f32 = Math.fround;

// As floats, which they are in the AssemblyScript.
const ATANH = [exact.ATANH_0, exact.ATANH_1, exact.ATANH_2].map(f32);
const SIN = [exact.SIN_0, exact.SIN_1, exact.SIN_2].map(f32);
const COS = [exact.COS_0, exact.COS_1, exact.COS_2].map(f32);
const LN_2 = f32(exact.LN_2);
const TWO_PI = f32(exact.TWO_PI);
const HALF_PI_LOW = f32(exact.HALF_PI_LOW);
const { HALF_PI_HIGH, SQRT_HALF_BITS } = exact;

/** Minus log(x) for a float x in (0, 1]; every operation rounds to a float. */
function minusLog(x: number): number {
  asFloat[0] = x;
  const exponent = (asInt[0] - SQRT_HALF_BITS) >> 23;
  asInt[0] -= exponent << 23;
  const mantissa = asFloat[0];
  const s = f32(f32(mantissa - 1) / f32(mantissa + 1));
  const z = f32(s * s);
  const p = f32(quadratic(ATANH, z) * z);
  return f32(f32(f32(exponent * -LN_2) - f32(s + s)) - f32(s * p));
}
const asFloat = new Float32Array(1);
const asInt = new Int32Array(asFloat.buffer);

/** a[0] + a[1] z + a[2] z^2, every operation rounded to a float. */
const quadratic = (a: readonly number[], z: number) => f32(f32(f32(f32(a[2] * z) + a[1]) * z) + a[0]);

/** The inner loops in plain TypeScript, for reading, and for pages whose policy forbids WebAssembly. */
export class PlainBlocks implements Blocks {
  readonly block = new Float32Array(BLOCK);
  /** The generator's window, and after it the words of a block. */
  readonly #words = new Int32Array(STATE_WORDS + BLOCK);

  /** Draws go on where `generator` stands; `generator` itself stays as it is. */
  constructor(generator: MersenneTwister) {
    this.#words.set(generator.window);
  }

  draw(n: number, center: number, scale: number): void {
    const words = this.#words;
    const block = this.block;
    const factor = f32(scale);
    for (let i = 0; i < n; i++) {
      const word = nextWord(words, i);
      words[i + STATE_WORDS] = word;
      block[i] = ((temper(word) & 0xffffff) - center) * factor;
    }
    words.copyWithin(0, n, n + STATE_WORDS);
  }

  boxMuller(n: number): void {
    const block = this.block;
    for (let group = 0; group < n; group += 16) {
      for (let i = group; i < group + 8; i++) {
        const u1 = 1 - block[i];
        const u2 = block[i + 8];
        const radius = f32(Math.sqrt(f32(2 * minusLog(u1))));

        const theta = f32(TWO_PI * u2);
        const quarter = Math.trunc(f32(f32(4 * u2) + 0.5)); // the nearest multiple of pi/2: 0 ... 4
        const y = f32(f32(theta - f32(quarter * HALF_PI_HIGH)) - f32(quarter * HALF_PI_LOW));
        const z = f32(y * y);
        const sin = f32(f32(f32(y * z) * quadratic(SIN, z)) + y);
        const cos = f32(f32(f32(f32(z * z) * quadratic(COS, z)) - f32(z * 0.5)) + 1);

        const swap = (quarter & 1) !== 0; // cos(y + pi/2) = -sin(y), sin(y + pi/2) = cos(y)
        const x1 = f32(radius * (swap ? sin : cos));
        const x2 = f32(radius * (swap ? cos : sin));
        block[i] = ((quarter + 1) & 2) !== 0 ? -x1 : x1;
        block[i + 8] = (quarter & 2) !== 0 ? -x2 : x2;
      }
    }
  }
}
