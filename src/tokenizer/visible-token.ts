/**
 * A token's bytes as text in which nothing is invisible: a space as `·`, a newline as `⏎`, a tab as `⇥`, every other
 * character without a picture of its own as `<U+200B>`, and bytes that form no whole character as `<0xF0>`.
 * The result is plain text, never markup.
 */
export function visibleToken(bytes: Uint8Array): string {
  let shown = "";
  for (let i = 0; i < bytes.length; ) {
    const length = utf8Length(bytes[i]!);
    const char = wholeCharacter(bytes.subarray(i, i + length));
    shown += char === undefined ? `<0x${hex(bytes[i]!, 2)}>` : visibleCharacter(char, shown === "");
    i += char === undefined ? 1 : length;
  }
  return shown;
}

/** How many bytes the character that starts with `lead` has. */
function utf8Length(lead: number): number {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function wholeCharacter(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined; // not the UTF-8 of one character
  }
}

const named = new Map([
  [" ", "·"],
  ["\n", "⏎"],
  ["\t", "⇥"],
]);

function visibleCharacter(char: string, isFirst: boolean): string {
  const name = named.get(char);
  if (name !== undefined) return name;
  // Controls and other characters without a glyph, separators, and what fonts leave out (such as a soft hyphen).
  if (/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(char))
    return `<U+${hex(char.codePointAt(0)!, 4)}>`;
  // An accent with nothing under it would land on whatever stands before the token.
  if (isFirst && /\p{M}/u.test(char)) return `◌${char}`;
  return char;
}

const hex = (n: number, digits: number): string => n.toString(16).toUpperCase().padStart(digits, "0");
