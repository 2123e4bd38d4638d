import { type CodeRun, codeClasses } from "../design/code/code-lines.ts";

/** A piece of a line of code; with `name` where it is a variable that has a value now. */
export interface NamedPiece {
  text: string;
  codeClass: number;
  name?: string;
}

const silent = new Set([codeClasses.indexOf("comment"), codeClasses.indexOf("string")]);
/** A word that is no property (`.logits`) and names no argument: `context_size=` in Python, `logits: ` in TypeScript. */
const variable = /(?<![.\w])[A-Za-z_]\w*(?!\w|=(?!=)|\??: )/g;

/**
 * Cuts a line where a variable is named that has a value.
 * @param nameOf the name under which a variable's value is known; undefined where it has none
 */
export function namedPieces(
  line: readonly CodeRun[],
  nameOf: (variable: string) => string | undefined,
): NamedPiece[] {
  return line.flatMap(([text, codeClass]) => {
    if (silent.has(codeClass)) return [{ text, codeClass }];
    const pieces: NamedPiece[] = [];
    let end = 0;
    for (const { 0: word, index } of text.matchAll(variable)) {
      const name = nameOf(word);
      if (name === undefined) continue;
      if (index > end) pieces.push({ text: text.slice(end, index), codeClass });
      pieces.push({ text: word, codeClass, name });
      end = index + word.length;
    }
    if (end < text.length) pieces.push({ text: text.slice(end), codeClass });
    return pieces;
  });
}
