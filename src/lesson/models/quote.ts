/** A stranger's text, fit to stand in a sentence: quoted, with nothing invisible in it, and never longer than a line. */
export function quote(text: string): string {
  const visible = text.replace(/[^\x20-\x7e]/g, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
  return JSON.stringify(visible.length > 80 ? `${visible.slice(0, 79)}…` : visible);
}
