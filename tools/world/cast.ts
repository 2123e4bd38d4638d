import { isHeldOutPair, type Share } from "./held-out.ts";
import type { Random } from "./random.ts";
import type { Slots } from "./template.ts";
import { animals, boys, colors, girls, names, places, things } from "./words.ts";

/** What may fill a slot. {x} is a boy where {a} is a girl, and a girl where {a} is a boy. */
const pools: Readonly<Record<string, readonly string[]>> = {
  ...{ a: names, b: names, c: names, x: names },
  ...{ t: things, u: things, v: things },
  ...{ p: places, q: places, r: places },
  ...{ k: colors, l: colors, m: colors },
  z: animals,
};

export const isCast = (slot: string): boolean => slot in pools;

/**
 * Chooses who and what fills `slots`, each another word. For training no two of them are a pair that is held out; for the
 * held-out share the two of `asked` are such a pair, since they are what the question is about; where there are two
 * questions, `asked` is four, two by two.
 * @param beside words that stand in the text already
 */
export function cast(
  slots: readonly string[],
  asked: readonly string[],
  share: Share,
  random: Random,
  beside: readonly string[] = [],
): Slots {
  const order = [...new Set(slots.includes("x") ? ["a", ...asked, ...slots] : [...asked, ...slots])];
  for (;;) {
    const chosen: Record<string, string> = {};
    const isComplete = order.every((slot) => {
      const candidates = poolOf(slot, chosen).filter(
        (word) =>
          !Object.values(chosen).includes(word) && isAllowed(slot, word, chosen, asked, share, beside),
      );
      if (candidates.length > 0) chosen[slot] = random.of(candidates);
      return candidates.length > 0;
    });
    if (isComplete) return withPronouns(chosen);
  }
}

function poolOf(slot: string, chosen: Slots): readonly string[] {
  if (slot === "x") return girls.includes(chosen.a!) ? boys : girls;
  const pool = pools[slot];
  if (pool === undefined) throw new Error(`There is no slot {${slot}}.`);
  return pool;
}

function isAllowed(
  slot: string,
  word: string,
  chosen: Slots,
  asked: readonly string[],
  share: Share,
  beside: readonly string[],
): boolean {
  if (share === "training")
    return [...Object.values(chosen), ...beside].every((other) => !isHeldOutPair(word, other));
  const i = asked.indexOf(slot);
  const other = i < 0 ? undefined : chosen[asked[i ^ 1]!];
  return other === undefined || isHeldOutPair(word, other);
}

/** Adds {a.he}, {a.He}, {a.him} and {a.his} of everybody. */
export function withPronouns(slots: Slots): Slots {
  const pronouns = Object.entries(slots).flatMap(([slot, word]) => {
    if (!names.includes(word)) return [];
    const [he, him, his] = girls.includes(word) ? ["she", "her", "her"] : ["he", "him", "his"];
    const He = he[0]!.toUpperCase() + he.slice(1);
    return Object.entries({ he, He, him, his }).map(([form, pronoun]) => [`${slot}.${form}`, pronoun]);
  });
  return { ...slots, ...Object.fromEntries(pronouns) };
}
