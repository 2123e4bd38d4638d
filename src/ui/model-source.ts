import { NextTokenError } from "../next-token-error.ts";

/**
 * The seed in a `model` attribute: "seed:123" -> 123.
 * @throws NextTokenError "bad-seed" for a seed that is no whole number, "bad-option" for anything else
 */
export function seedOf(source: string): number {
  const [, seed] = /^seed:(.*)$/.exec(source) ?? [];
  if (seed === undefined) {
    throw new NextTokenError(
      "bad-option",
      `model="${source}" is not something this page can build. Write a seed, as in model="seed:123".`,
    );
  }
  if (!/^\d{1,10}$/.test(seed) || Number(seed) > 0xffffffff) {
    throw new NextTokenError(
      "bad-seed",
      `"${seed}" is not a seed. Use a whole number from 0 to 4294967295, as in model="seed:123".`,
    );
  }
  return Number(seed);
}
