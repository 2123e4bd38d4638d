/** The generator's state: 624 words of 32 bits, the last 624 of its sequence. */
export const STATE_WORDS = 624;
const MIDDLE_WORD = 397;
/** Added (xor) to a word whose source was odd. */
export const TWIST = 0x9908b0df | 0;

/**
 * The word of MT19937's sequence that follows `words[i] ... words[i + 623]`. The sequence is a line, not a ring: each
 * word is made from three of the 624 before it, so a window of 624 words is all there is to remember.
 */
export function nextWord(words: Int32Array, i: number): number {
  const y = (words[i] & 0x80000000) | (words[i + 1] & 0x7fffffff);
  return words[i + MIDDLE_WORD] ^ (y >>> 1) ^ ((0 - (y & 1)) & TWIST);
}

/** What the generator gives out for a word of its sequence, as a signed 32-bit integer. */
export function temper(word: number): number {
  let y = word ^ (word >>> 11);
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >>> 18);
}

/** MT19937, PyTorch's generator on the CPU. */
export class MersenneTwister {
  /** The last 624 words of the sequence; what is drawn next follows from them alone. */
  readonly window: Int32Array;

  constructor(window: Int32Array) {
    this.window = window;
  }

  /** The generator as `torch.manual_seed(seed)` leaves it. `seed`: an integer in 0 ... 2^32 - 1. */
  static seeded(seed: number): MersenneTwister {
    const window = new Int32Array(STATE_WORDS);
    window[0] = seed;
    for (let i = 1; i < STATE_WORDS; i++) {
      const before = window[i - 1];
      window[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
    return new MersenneTwister(window);
  }

  /** The next random number: an integer in 0 ... 2^32 - 1. */
  draw(): number {
    const word = nextWord(this.window, 0);
    this.window.copyWithin(0, 1);
    this.window[STATE_WORDS - 1] = word;
    return temper(word) >>> 0;
  }

  /** A generator that draws the same numbers from here on, independently of this one. */
  clone(): MersenneTwister {
    return new MersenneTwister(this.window.slice());
  }
}
