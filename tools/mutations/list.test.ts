import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { mutations } from "./list.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

describe.each(mutations)("the mutation: $name", ({ file, find, replace, suite }) => {
  it("still finds what it breaks, once", () => {
    expect(read(file).split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  });

  it("names a suite that is there", () => {
    const [project, test] = suite.split(" ");
    expect(test).toMatch(project === "unit" ? /\.test\.ts$/ : new RegExp(`\\.${project}\\.test\\.ts$`));
    expect(read(test)).not.toBe("");
  });
});

it("no two mutations are called the same", () => {
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
});
