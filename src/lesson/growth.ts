import type { PageTokenizer } from "./backend.ts";

/** Tokens in which a character that is not whole yet can have begun: it lacks a byte of four, and each token has one. */
const BEFORE = 3;

/** What a token adds to a text. */
export interface Growth {
  /** Its characters; undefined where the last character before it is another one now, or it ends inside one. */
  text: string | undefined;
  /** Whether it ends with a character, not inside one. */
  isWhole: boolean;
}

/** What `id` adds to the text of `ids`; the beginning of a long text is not decoded for it. */
export function growthBy(
  tokenizer: Pick<PageTokenizer, "decode">,
  ids: readonly number[],
  id: number,
): Growth {
  const end = ids.slice(-BEFORE);
  const before = tokenizer.decode(end);
  const after = tokenizer.decode([...end, id]);
  const isWhole = !after.endsWith("\uFFFD");
  return { isWhole, text: isWhole && after.startsWith(before) ? after.slice(before.length) : undefined };
}
