/**
 * A generator of 32-bit numbers by a seed: a counter in steps of the golden ratio, mixed until no bit shows where it came
 * from. The same seed writes the same texts on every machine.
 */
export class Random {
  #counter: number;

  constructor(seed: number) {
    this.#counter = seed >>> 0;
  }

  /** From 0 to below `count`. */
  below(count: number): number {
    this.#counter = (this.#counter + 0x9e3779b9) >>> 0;
    return Math.floor((mix(this.#counter) / 2 ** 32) * count);
  }

  /** One of `choices`, all equally likely. */
  of<Choice>(choices: readonly Choice[]): Choice {
    if (choices.length === 0) throw new Error("There is nothing to choose from.");
    return choices[this.below(choices.length)]!;
  }

  /** The same things in another order. */
  shuffled<Thing>(things: readonly Thing[]): Thing[] {
    const rest = [...things];
    return things.map(() => rest.splice(this.below(rest.length), 1)[0]!);
  }
}

/** Spreads every bit of `value` over all 32. */
export function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
