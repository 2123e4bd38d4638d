import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { printed } from "../../lesson/notebook/printed.ts";
import type { CodeLines } from "../../ui/design/code/code-lines.ts";
import { excerpts } from "./excerpt.ts";

const plain = (code: string): CodeLines => code.split("\n").map((line) => [[line, 0]]);
const textsOf = (code: string) =>
  Object.fromEntries(
    [...excerpts(plain(code))].map(([name, lines]) => [
      name,
      lines.map((line) => line.map(([text]) => text).join("")).join("\n"),
    ]),
  );

it("cuts a file at its markers, without the indent that all lines share", () => {
  const file = "import x;\n  // %% one\n  f(\n    1);\n\n  // %% two\n\n  g();\n  // %%\n}\n";
  expect(textsOf(file)).toEqual({ one: "f(\n  1);", two: "g();" });
});

it("takes the indent off across runs, and leaves their classes", () => {
  const lines: CodeLines = [
    [["# %% one", 5]],
    [
      ["  ", 0],
      ["    for", 1],
      [" x", 0],
    ],
  ];
  expect(excerpts([...lines, [["      y", 2]]]).get("one")).toEqual([
    [
      ["for", 1],
      [" x", 0],
    ],
    [["y", 2]],
  ]);
});

it.each(["notebook.py", "notebook.ts"])("finds every cell in %s, in the order of what is printed", (file) => {
  const cells = textsOf(readFileSync(resolve(import.meta.dirname, "../../lesson/notebook", file), "utf8"));
  expect(Object.keys(cells)).toEqual(Object.keys(printed));
  for (const code of Object.values(cells)) expect(code).toMatch(/\b(print\(|yield )/);
});
