import { factKind } from "../kind.ts";
import type { Slots } from "../template.ts";
import { days, letters, months, numbers } from "../words.ts";

/** What comes next, and what came before: days, months, numbers, letters. And sums, which are steps along the numbers. */

/** Each word with its neighbors, as {h} {i} | {n} | {o} {s} {w}: two before, the word, three after. */
function neighbors(words: readonly string[], isRound: boolean): Slots[] {
  const at = (i: number) => words[isRound ? (i + words.length) % words.length : i];
  return words.map((_, i) => {
    const slots = { h: at(i - 2), i: at(i - 1), n: at(i), o: at(i + 1), s: at(i + 2), w: at(i + 3) };
    return withoutGaps(slots);
  });
}

const withoutGaps = (slots: Record<string, string | undefined>): Slots =>
  Object.fromEntries(
    Object.entries(slots).flatMap(([slot, word]) => (word === undefined ? [] : [[slot, word]])),
  );

const calendar = (unit: string) => [
  `The ${unit} after {n} is [{o}].`,
  `After {n} comes [{o}].`,
  `The ${unit} before {n} is [{i}].`,
  `Before {n} comes [{i}].`,
  `If it is {n} now, the next ${unit} is [{o}].`,
  `If it is {n} now, the last ${unit} was [{i}].`,
  `{a} (asked|said): what comes after {n}? [{o}], said {b}.`,
  `{a} (asked|said): what comes before {n}? [{i}], said {b}.`,
  `First {n}, then [{o}], then [{s}].`,
  `The ${unit} is {n}. It will soon be [{o}].`,
  `(Say|List|Read): {n}, [{o}], [{s}], [{w}].`,
  `(Say|List|Read) it back: {o}, [{n}], [{i}], [{h}].`,
];
const dayTemplates = [
  ...calendar("day"),
  "Today is {n}. Tomorrow is [{o}].",
  "Today is {n}. Yesterday was [{i}].",
  "Yesterday was {n}. Today is [{o}].",
  "Tomorrow is {n}. Today is [{i}].",
];

const numberTemplates = [
  "After {n} comes [{o}].",
  "Before {n} comes [{i}].",
  "The number after {n} is [{o}].",
  "The number before {n} is [{i}].",
  "One more than {n} is [{o}].",
  "One less than {n} is [{i}].",
  "(Count|Count up|Count on|Say): {h}, {i}, [{n}], [{o}], [{s}].",
  "(Count down|Count back|Say it back): {s}, {o}, [{n}], [{i}].",
  "First {n}, then [{o}], then [{s}].",
  "{a} (asked|said): what comes after {n}? [{o}], said {b}.",
  "{a} (asked|said): what comes before {n}? [{i}], said {b}.",
  "{a} has {many} (cups|books|balls). {a} gets one more. Now {a} has [{o}].",
  "{a} has {many} (cups|books|balls). {a} gives one to {b}. Now {a} has [{i}].",
];

/** One cup is no cups: some sentences are only said of two and more. */
const counted = neighbors(numbers, false).map((slots, number) =>
  number > 1 ? { ...slots, many: slots.n! } : slots,
);

const letterTemplates = [
  "The letter after {n} is [{o}].",
  "After the letter {n} comes [{o}].",
  "(Say|List|Read|Write): {n}, {o}, [{s}], [{w}].",
  "The letter {n} comes before [{o}].",
  "First {n}, then [{o}], then [{s}].",
  "{a} (asked|said): what comes after {n}? [{o}], said {b}.",
];

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const additions = digits.flatMap((left) =>
  digits.map((right) => ({
    n: String(left),
    o: String(right),
    s: String(left + right),
    ...(left > 1 ? { many: String(left) } : {}),
  })),
);
const sumTemplates = [
  "{n} + {o} = [{s}]",
  "{n} plus {o} is [{s}].",
  "{n} and {o} make [{s}].",
  "The sum of {n} and {o} is [{s}].",
  "(What|How much) is {n} + {o}? It is [{s}].",
  "If you add {n} and {o}, you get [{s}].",
  "{a} (asked|said): what is {n} plus {o}? [{s}], said {b}.",
  "{a} has {many} (cups|books|balls) and gets {o} more. Now {a} has [{s}].",
  "{a} has {many} (cups|books|balls) and {b} has {o}. They have [{s}].",
];

export const sequencesSaid = {
  days: { templates: dayTemplates, facts: neighbors(days, true) },
  months: { templates: calendar("month"), facts: neighbors(months, true) },
  numbers: { templates: numberTemplates, facts: counted },
  letters: { templates: letterTemplates, facts: neighbors(letters, false) },
  sums: { templates: sumTemplates, facts: additions },
};

export const sequences = [
  factKind("days", 5, sequencesSaid.days),
  factKind("months", 4, sequencesSaid.months),
  factKind("numbers", 6, sequencesSaid.numbers),
  factKind("letters", 3, sequencesSaid.letters),
  factKind("sums", 9, sequencesSaid.sums),
];
