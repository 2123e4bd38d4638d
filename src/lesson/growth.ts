import type { PageTokenizer } from "./backend.ts";

/** An incomplete character began at most this many tokens ago: it has at most three bytes so far, and each token has at least one. */
const BEFORE = 3;

/** What a token adds to a text. */
export interface Growth {
  /** Its characters; undefined where it changes the last character before it, or ends inside one. */
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
