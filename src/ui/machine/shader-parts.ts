import type { CodeLines, CodeRun } from "../design/code/code-lines.ts";

/** A stretch of an assembled shader: a file of it, highlighted, or lines that stand in none. */
export interface ShaderPart {
  file: string | undefined;
  lines: CodeLines;
}

export const textOf = (lines: CodeLines): string =>
  lines.map((line) => line.map(([text]) => text).join("")).join("\n");

/**
 * A shader that ran, taken apart again into the files that it was put together from. What no file accounts for is shown
 * as it is: nothing of the shader is left out, and nothing is added but the highlighting.
 */
export function shaderParts(wgsl: string, files: Readonly<Record<string, CodeLines>>): ShaderPart[] {
  const known = Object.entries(files).map(([file, lines]) => ({ file, lines, text: textOf(lines) }));
  known.sort((a, b) => b.text.length - a.text.length); // one file may be how another begins
  const parts: ShaderPart[] = [];
  let loose: CodeRun[][] = [];
  const finishLoose = () => {
    if (loose.some((line) => line[0]![0].trim() !== "")) parts.push({ file: undefined, lines: loose });
    loose = [];
  };
  for (let at = 0; at < wgsl.length; ) {
    const found = known.find(({ text }) => text !== "" && wgsl.startsWith(text, at));
    if (found) {
      finishLoose();
      parts.push({ file: found.file, lines: found.lines });
      at += found.text.length;
    } else {
      const end = wgsl.indexOf("\n", at);
      const line = wgsl.slice(at, end === -1 ? undefined : end);
      loose.push([[line, 0]]);
      at += line.length + 1;
    }
  }
  finishLoose();
  return parts;
}

/** The file of `assembly/` that exports a function, with its code. */
export function counterpartIn(
  files: Readonly<Record<string, CodeLines>>,
  name: string,
): ShaderPart | undefined {
  const found = Object.entries(files).find(([, lines]) => textOf(lines).includes(`export function ${name}(`));
  return found && { file: found[0], lines: found[1] };
}

/** The plain references that the headers of a shader name, without those named twice. */
export const referencesOf = (wgsl: string): string[] => [
  ...new Set([...wgsl.matchAll(/Reference: (src\/reference\/[\w-]+\.ts)/g)].map(([, file]) => file!)),
];
