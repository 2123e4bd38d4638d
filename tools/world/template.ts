import type { Random } from "./random.ts";

/** A text of the small world, and where its next word can be known from what stands before it. */
export interface Text {
  readonly kind: string;
  readonly text: string;
  readonly answers: readonly Answer[];
}

/** A word that can be known: `text.slice(start, end)`, without the space before it. */
export interface Answer {
  readonly start: number;
  readonly end: number;
}

/** What stands for each slot, as in `{ a: "Lily", "a.he": "she", t: "bell" }`. */
export type Slots = Readonly<Record<string, string>>;

const choice = /\(([^()]*)\)/g;

/**
 * The text of a template: in "(Then|Later), {a} gave the {t} to [{b}]." one of what stands in round brackets is chosen, slots
 * in braces are filled, and what stands in square brackets can be known.
 */
export function expand(template: string, slots: Slots, random: Random): Omit<Text, "kind"> {
  const marked = template
    .replace(choice, (_, choices: string) => random.of(choices.split("|")))
    .replace(/\{([^}]*)\}/g, (_, slot: string) => {
      const word = slots[slot];
      if (word === undefined) throw new Error(`Nothing fills {${slot}} of “${template}”.`);
      return word;
    });
  return readMarks(marked);
}

/** Takes square brackets out of `marked`, and remembers where they stood. */
export function readMarks(marked: string): Omit<Text, "kind"> {
  const answers: Answer[] = [];
  let text = "";
  for (const part of marked.split(/(\[[^\]]*\])/)) {
    const start = text.length;
    const isMarked = part.startsWith("[");
    text += isMarked ? part.slice(1, -1) : part;
    if (isMarked) answers.push({ start, end: text.length });
  }
  return { text, answers };
}

/** In how many ways a template's choices can be made: its sentence shapes. */
export const shapesOf = (template: string): number =>
  [...template.matchAll(choice)].reduce((count, [, choices]) => count * choices!.split("|").length, 1);

/** The slots that a template has, each once, without what follows a dot. */
export const slotsOf = (template: string): string[] => [
  ...new Set([...template.matchAll(/\{([^}.]*)[^}]*\}/g)].map(([, slot]) => slot!)),
];
