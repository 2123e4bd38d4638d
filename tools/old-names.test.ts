import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { oldNames, oldNamesIn } from "./old-names.ts";
import { projectFiles } from "./project-files.ts";

// Decisions are searched too: they are about the code as it is. Records of runs are not: they keep the names of their day.
const skipped = /^(bench\/results\/|package-lock\.json$|LICENSE$|tools\/(old-names|docs)[.\w]*\.ts$)/;

const files = projectFiles().filter((file) => !skipped.test(file) && !/\.(png|safetensors|gz)$/.test(file));

it("no name that was given up is used, in a file or as a file's", () => {
  expect(files.length).toBeGreaterThan(500);
  const found = files.flatMap((file) => [
    ...oldNamesIn(file).map(({ name }) => `${file}: its name, ${name} -> ${oldNames[name]}`),
    ...oldNamesIn(readFileSync(file, "utf8")).map(
      ({ line, name }) => `${file}:${line} ${name} -> ${oldNames[name]}`,
    ),
  ]);
  expect(found).toEqual([]);
});

it.each(Object.keys(oldNames))("%s is noticed", (name) => {
  expect(oldNamesIn(`\n(${name})`)).toContainEqual({ line: 2, name });
});

it.each([
  '"known-answer"', // a public value
  'code === "known-answer-failed"',
  "src/reference/causal-attention.ts", // the plain one is causal
  "causalAttention(q, k, v)",
  "it turns out to be a matter of pace",
])("%j is none", (text) => expect(oldNamesIn(text)).toEqual([]));
