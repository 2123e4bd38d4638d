/**
 * The words of the small world. Each is one of GPT-2's tokens with the space before it, so that what follows a prompt is one
 * step of the loop; words.test.ts holds them to it.
 */

export const girls = "Lily Anna Mary Alice Sarah Kate Jane Rose Emily Eva Amy Lisa".split(" ");
export const boys = "Max Tom Sam Ben Jack John Paul Peter Adam David Bob Tim".split(" ");
export const names = [...girls, ...boys];

/** They begin with a consonant: "a" goes before each. */
export const things =
  "ball book bell cup hat box key map lamp ring drum flag coin doll boat pen card stone shell bag rope clock plate coat".split(
    " ",
  );

/** One can be in the place, and go to the place. */
export const places =
  "garden park kitchen school forest house barn shop yard library museum castle cave hall tower village city market".split(
    " ",
  );

/** What one meets on the way. */
export const animals = "dog cat bird horse cow duck frog rabbit bear bee goat pig".split(" ");
export const plurals = animals.map((animal) => `${animal}s`);

export const colors = "red blue green yellow black white brown pink purple gold".split(" ");

export const days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");
export const months =
  "January February March April May June July August September October November December".split(" ");

/** From zero to twenty: each number is its own index. */
export const numbers =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );

export const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

export const opposites = [
  ["hot", "cold"],
  ["big", "small"],
  ["old", "new"],
  ["long", "short"],
  ["good", "bad"],
  ["fast", "slow"],
  ["high", "low"],
  ["open", "closed"],
  ["happy", "sad"],
  ["light", "dark"],
  ["hard", "soft"],
  ["wet", "dry"],
  ["full", "empty"],
  ["rich", "poor"],
  ["strong", "weak"],
  ["loud", "quiet"],
  ["clean", "dirty"],
  ["thick", "thin"],
] as const;
