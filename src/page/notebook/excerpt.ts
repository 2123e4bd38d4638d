import type { CodeLines, CodeRun } from "../../ui/design/code/code-lines.ts";

/** `# %% name` or `// %% name`: here begins a cell, up to the next such line. */
const marker = /^\s*(?:#|\/\/) %% ?(\w*)\s*$/;

/** The cells of a file that is cut by such lines, by name; without their common indent and the empty lines around them. */
export function excerpts(lines: CodeLines): Map<string, CodeLines> {
  const cells = new Map<string, (readonly CodeRun[])[]>();
  let current: (readonly CodeRun[])[] | undefined;
  for (const line of lines) {
    const [, name] = marker.exec(textOf(line)) ?? [];
    if (name === undefined) {
      current?.push(line);
      continue;
    }
    current = name === "" ? undefined : [];
    if (current) cells.set(name, current);
  }
  return new Map([...cells].map(([name, cell]) => [name, outdented(trimmed(cell))]));
}

function textOf(line: readonly CodeRun[]): string {
  return line.map(([text]) => text).join("");
}

function trimmed(lines: CodeLines): CodeLines {
  const isBlank = lines.map((line) => textOf(line).trim() === "");
  return lines.slice(isBlank.indexOf(false), isBlank.lastIndexOf(false) + 1);
}

function outdented(lines: CodeLines): CodeLines {
  const texts = lines.map(textOf).filter((text) => text.trim() !== "");
  const indent = Math.min(...texts.map((text) => text.length - text.trimStart().length));
  return lines.map((line) => without(indent, line));
}

/** `line` without its first `count` characters. */
function without(count: number, line: readonly CodeRun[]): CodeRun[] {
  let left = count;
  const runs: CodeRun[] = [];
  for (const [text, codeClass] of line) {
    const rest = text.slice(left);
    left = Math.max(0, left - text.length);
    if (rest !== "") runs.push([rest, codeClass]);
  }
  return runs;
}
