import { describe, expect, it } from "vitest";
import { type CodeClass, codeClasses } from "../design/code/code-lines.ts";
import { listings } from "./listings.ts";
import { namedPieces } from "./named-pieces.ts";

const values = new Set(["idx", "idx_cond", "logits"]);
const nameOf = (variable: string) => (values.has(variable) ? variable : undefined);
const marked = (text: string, codeClass: CodeClass = "plain") =>
  namedPieces([[text, codeClasses.indexOf(codeClass)]], nameOf)
    .map(({ text, name }) => (name ? `<${text}>` : text))
    .join("");

describe("names with a value", () => {
  it.each([
    ["idx_cond = idx[:, -n:]", "<idx_cond> = <idx>[:, -n:]"],
    ["x[:, -idx:]", "x[:, -<idx>:]"],
    ["loop(logits, idx=3)", "loop(<logits>, idx=3)"],
    ["logits = logits[:, -1, :]", "<logits> = <logits>[:, -1, :]"],
    ["cat((idx, idx_next))", "cat((<idx>, idx_next))"],
    ["out.logits + my_idx + idx2", "out.logits + my_idx + idx2"],
    ['forward(idx_cond, { logits: "last" })', 'forward(<idx_cond>, { logits: "last" })'],
    ["idx", "<idx>"],
  ])("in %s", (code, expected) => {
    expect(marked(code)).toBe(expected);
  });

  it("are not in comments and strings", () => {
    expect(marked("# idx and logits", "comment")).toBe("# idx and logits");
    expect(marked('"idx"', "string")).toBe('"idx"');
  });

  it("can be known by another name", () => {
    const pieces = namedPieces([["rows = 1", 0]], (name) => (name === "rows" ? "idx" : undefined));
    expect(pieces).toEqual([
      { text: "rows", codeClass: 0, name: "idx" },
      { text: " = 1", codeClass: 0 },
    ]);
  });
});

it("loses nothing of the loop", () => {
  for (const line of [...listings.python, ...listings.typescript]) {
    const pieces = namedPieces(line, (name) => name);
    expect(pieces.map(({ text }) => text).join("")).toBe(line.map(([text]) => text).join(""));
  }
});
