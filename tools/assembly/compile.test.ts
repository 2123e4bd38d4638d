import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { compile, sourcesOf } from "./compile.ts";

const assembly = resolve(import.meta.dirname, "../../assembly");
const seed = join(assembly, "seed");

test("a module is made of what its entry imports, and of nothing else", async () => {
  expect(await sourcesOf(join(seed, "blocks.ts"))).toEqual([
    join(seed, "blocks.ts"),
    join(seed, "constants.ts"),
  ]);
});

test("each file of assembly/ is part of a module", async () => {
  const files = await readdir(assembly, { recursive: true });
  const entries = [join(assembly, "index.ts"), join(seed, "blocks.ts")];
  const sources = await Promise.all(entries.map(sourcesOf));
  const written = files.filter((file) => file.endsWith(".ts")).map((file) => join(assembly, file));
  expect([...new Set(sources.flat())].sort()).toEqual(written.sort());
});

test("what is asked for twice at once is compiled once", async () => {
  const entry = join(seed, "blocks.ts");
  const [one, other] = await Promise.all([compile(entry), compile(entry)]);
  expect(WebAssembly.validate(one)).toBe(true);
  expect(other).toBe(one);
}, 60_000);
