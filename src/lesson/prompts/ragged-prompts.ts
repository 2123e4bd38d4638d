import { NextTokenError } from "../../errors.ts";

/** Prompts that one page, or a link to it, can hold. */
export const MOST_ROWS = 8;

/** What to do with prompts of unequal length: refuse them, drop the first tokens of the longer, or pad the shorter at their start. */
export type RaggedPrompts = "error" | "truncate" | "pad";

/**
 * Rows of one length, as one forward pass needs them: ids [B, T].
 * @param padding the id that is put before the shorter rows; the model reads it like any other
 * Throws `ragged-batch` when the rows differ and nobody asked for them to be made equal.
 */
export function padOrTruncate(rows: number[][], raggedPrompts: RaggedPrompts, padding: number): number[][] {
  const lengths = rows.map(({ length }) => length);
  const shortest = Math.min(...lengths);
  const longest = Math.max(...lengths);
  if (shortest === longest) return rows;
  if (raggedPrompts === "truncate") return rows.map((row) => row.slice(-shortest));
  if (raggedPrompts === "pad") {
    return rows.map((row) => [...Array<number>(longest - row.length).fill(padding), ...row]);
  }
  throw new NextTokenError(
    "ragged-batch",
    `The prompts have ${lengths.join(", ")} tokens. One forward pass reads a table [B, T], whose rows are equally long: ` +
      "write prompts of the same number of tokens, or have them cropped or padded.",
  );
}
