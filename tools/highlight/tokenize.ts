import { createHighlighterCore, type HighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import python from "shiki/langs/python.mjs";
import typescript from "shiki/langs/typescript.mjs";
import wgsl from "shiki/langs/wgsl.mjs";
import { type CodeLines, type CodeRun, codeClasses } from "../../src/ui/design/code/code-lines.ts";
import { classOf, codeTheme } from "./code-theme.ts";

export const languages = { wgsl: "wgsl", ts: "typescript", py: "python" } as const;
export type Language = (typeof languages)[keyof typeof languages];

/** What the grammar of WGSL is too old for or mistakes: these are keywords, and names in capitals no types. */
const wgslKeywords = /(\b(?:alias|const|diagnostic|override|requires)\b)/;
const constantName = /^[A-Z][A-Z0-9_]*$/;

const plain = codeClasses.indexOf("plain");
const keyword = codeClasses.indexOf("keyword");
const type = codeClasses.indexOf("type");

let highlighter: Promise<HighlighterCore> | undefined;

/** `code` as runs of one class each. The runs of the result make up `code`, line by line. */
export async function tokenize(code: string, language: Language): Promise<CodeLines> {
  highlighter ??= createHighlighterCore({
    themes: [codeTheme],
    langs: [python, typescript, wgsl],
    engine: createJavaScriptRegexEngine(),
  });
  const lines = (await highlighter).codeToTokensBase(code, {
    lang: language,
    theme: "classes",
    tokenizeTimeLimit: 0, // none: on a busy machine half a second ends a line before its colours
  });
  return lines.map((line) => {
    const runs = line.map(({ content, color }): CodeRun => [content, classOf(color)]);
    return joined(language === "wgsl" ? runs.flatMap(corrected) : runs);
  });
}

function corrected(run: CodeRun): CodeRun[] {
  const [text, codeClass] = run;
  if (codeClass === type && constantName.test(text)) return [[text, plain]];
  if (codeClass !== plain) return [run];
  const parts = text.split(wgslKeywords); // keywords at the odd places
  return parts.map((part, i): CodeRun => [part, i % 2 === 1 ? keyword : plain]);
}

/** Neighbours of one class become one run; blanks have no colour and join whoever stands before them. */
function joined(runs: readonly CodeRun[]): CodeRun[] {
  const result: [string, number][] = [];
  for (const [text, codeClass] of runs) {
    const last = result.at(-1);
    if (text === "") continue;
    if (last && (last[1] === codeClass || text.trim() === "")) last[0] += text;
    else result.push([text, codeClass]);
  }
  return result;
}
