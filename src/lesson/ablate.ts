import type { GPTConfig, HeadOfLayer } from "../config.ts";

/** More heads than any model has that runs here: GPT-2 XL has 1,200. No list is longer. */
const MOST_HEADS = 2_000;

/** No layer or head has a number above it; it has four digits. */
const LARGEST = 9_999;

/** As long as a list of so many heads can be, in characters. */
const LONGEST = MOST_HEADS * "9999.9999,".length;

/** Heads that are written out one by one; of more it is said how many they are. */
export const MOST_WRITTEN = 8;

/** Every head once, by layer and number, so that two lists of the same heads are the same list. */
export function sortedHeads(heads: readonly HeadOfLayer[]): HeadOfLayer[] {
  const sorted = heads.toSorted(([layer, head], [otherLayer, other]) => layer - otherLayer || head - other);
  return sorted.filter(([layer, head], i) => {
    const [layerBefore, headBefore] = sorted[i - 1] ?? [];
    return layer !== layerBefore || head !== headBefore;
  });
}

/** "0.3,2.1" for head 3 of layer 0 and head 1 of layer 2, as links and attributes say it. */
export const writtenHeads = (heads: readonly HeadOfLayer[], between = ","): string =>
  heads.map((head) => head.join(".")).join(between);

/** Heads that somebody asked for, and whether nothing else was among them. */
export interface ReadHeads {
  heads: HeadOfLayer[];
  isWhole: boolean;
}

/** The heads in a text such as "0.3,2.1" or "0.3 2.1". Of one that is longer than any list of heads nothing is read. */
export function readHeads(text: string): ReadHeads {
  if (text.length > LONGEST) return { heads: [], isWhole: false };
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  return headsAmong(words.map((word) => /^(\d{1,4})\.(\d{1,4})$/.exec(word)?.slice(1).map(Number)));
}

/** The heads in a list such as [[0, 3], [2, 1]], which may hold anything. */
export function headsAmong(list: readonly unknown[]): ReadHeads {
  const first = list.slice(0, MOST_HEADS);
  const heads = first.flatMap((pair): HeadOfLayer[] =>
    Array.isArray(pair) && pair.length === 2 && pair.every(isNumber) ? [[pair[0], pair[1]]] : [],
  );
  return { heads: sortedHeads(heads), isWhole: heads.length === list.length };
}

const isNumber = (part: unknown): boolean =>
  Number.isInteger(part) && (part as number) >= 0 && (part as number) <= LARGEST;

/** The heads that are away once one more is, or is back where it was away. */
export function toggledHead(ablate: readonly HeadOfLayer[], [layer, head]: HeadOfLayer): HeadOfLayer[] {
  const others = ablate.filter(([otherLayer, other]) => otherLayer !== layer || other !== head);
  return others.length < ablate.length ? others : sortedHeads([...ablate, [layer, head]]);
}

export const isAway = (ablate: readonly HeadOfLayer[], layer: number, head: number): boolean =>
  ablate.some(([otherLayer, other]) => otherLayer === layer && other === head);

type Layers = Pick<GPTConfig, "n_layers" | "n_heads">;

/** Those of the heads that a model has; a setting may be of another model. */
export const headsIn = ({ n_layers, n_heads }: Layers, heads: readonly HeadOfLayer[]): HeadOfLayer[] =>
  heads.filter(([layer, head]) => layer < n_layers && head < n_heads);

/** "without heads 0.3, 2.1"; undefined where none is away. */
export function withoutHeads(heads: readonly HeadOfLayer[]): string | undefined {
  if (heads.length === 0) return undefined;
  if (heads.length > MOST_WRITTEN) return `without ${heads.length} heads`;
  return `without head${heads.length === 1 ? "" : "s"} ${writtenHeads(heads, ", ")}`;
}

/** What to say where some of the heads that were to be taken away are not there; undefined where all are. */
export function missingHeads(config: Layers, heads: readonly HeadOfLayer[]): string | undefined {
  const there = headsIn(config, heads);
  const missing = heads.filter((head) => !there.includes(head));
  if (missing.length === 0) return undefined;
  const { n_layers, n_heads } = config;
  const named = missing.length > MOST_WRITTEN ? `${missing.length} heads` : writtenHeads(missing, ", ");
  return `Of the heads to be taken away this model does not have ${named}: its layers end at ${n_layers - 1}, its heads at ${n_heads - 1}.`;
}
