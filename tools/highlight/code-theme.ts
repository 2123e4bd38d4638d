import type { ThemeRegistration } from "shiki/types";
import { type CodeClass, codeClasses } from "../../src/ui/design/code/code-lines.ts";

/** TextMate scopes by class. A longer scope wins over a shorter one, and of equals the later. */
const scopes: [CodeClass, string[]][] = [
  ["keyword", ["keyword", "storage", "entity.name.attribute", "constant.language", "variable.language"]],
  ["type", ["storage.type.wgsl", "entity.name.type", "support.type", "support.class"]],
  ["number", ["constant.numeric"]],
  ["string", ["string", "punctuation.definition.string"]],
  ["comment", ["comment", "punctuation.definition.comment", "string.quoted.docstring"]],
  ["function", ["entity.name.function", "support.function", "meta.function-call.generic.python"]],
  // Signs count among the keywords of the grammars; in the colour of the text they are easier to read.
  ["plain", ["keyword.operator", "storage.type.function.arrow", "punctuation"]],
  // Words among the signs, and WGSL's `let`, `var` and `struct`, which are both keywords and types of its grammar.
  ["keyword", ["keyword.operator.new", "keyword.operator.expression", "keyword.operator.logical.python"]],
  // What stands in a comment is a comment, tags and types too.
  ["comment", ["comment entity.name.type", "comment storage.type", "comment punctuation.definition"]],
  ["keyword", ["keyword.other.wgsl storage.type.wgsl", "keyword.declaration storage.type.wgsl"]],
];

const colorOf = (codeClass: CodeClass): string => `#00000${codeClasses.indexOf(codeClass)}`;

/** The class that a colour of this theme stands for. */
export const classOf = (color: string | undefined): number => Number.parseInt(color?.slice(1) ?? "0", 16);

/** A theme whose colours are the numbers of our classes: the grammar does the sorting, the page the colouring. */
export const codeTheme: ThemeRegistration = {
  name: "classes",
  type: "light",
  fg: colorOf("plain"),
  bg: "#ffffff",
  settings: scopes.map(([codeClass, scope]) => ({ scope, settings: { foreground: colorOf(codeClass) } })),
};
