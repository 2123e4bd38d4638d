import type { PageTokenizer } from "../backend.ts";

/** What somebody should know of a prompt with tokens that the model never saw in training; mostly nothing. */
export function unseenNotes(
  ids: readonly number[],
  seen: ReadonlySet<number> | undefined,
  tokenizer: Pick<PageTokenizer, "decode"> | undefined,
): string[] {
  if (!seen || !tokenizer) return [];
  const unseen = [...new Set(ids.filter((id) => !seen.has(id)))];
  if (unseen.length === 0) return [];
  const [first] = unseen;
  const named = `“${tokenizer.decode([first!]).trim()}”`;
  const others = unseen.length === 1 ? "" : ` and ${unseen.length - 1} more of these tokens`;
  return [
    `The small model never saw ${named}${others} in training, and takes all such tokens for the same one. It knows 500, of short texts such as those under Try.`,
  ];
}
