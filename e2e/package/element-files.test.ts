import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

// What a page of another site loads of the element: dist/next-token.js, and what that asks for later.

const dist = resolve(import.meta.dirname, "../../dist");
const read = (file: string) => readFileSync(join(dist, file));
const chunks = readdirSync(join(dist, "chunks"));
const compressed = (file: string) => gzipSync(read(file), { level: 9 }).length;

describe("integrity.json", () => {
  const integrity: Record<string, string> = JSON.parse(read("integrity.json").toString());

  it("names every file that may be loaded, and nothing else", () => {
    const loaded = [
      "next-token.js",
      ...["chunks", "small-model"].flatMap((folder) =>
        readdirSync(join(dist, folder)).map((name) => `${folder}/${name}`),
      ),
    ];
    expect(Object.keys(integrity)).toEqual(loaded.sort());
  });

  it.each(Object.entries(integrity))("has the hash of %s", (file, hash) => {
    const [algorithm, value] = hash.split("-");
    expect(algorithm).toBe("sha384");
    expect(value).toBe(createHash("sha384").update(read(file)).digest("base64"));
  });
});

describe("what travels, by gzip", () => {
  /** Everything that `file` imports before it can run, itself included: what a page waits for. */
  function atOnce(file: string, found = new Set<string>()): Set<string> {
    found.add(file);
    for (const [, name] of read(file)
      .toString()
      .matchAll(/(?:^|[;}\s])import(?:[^"'`();]*from)?\s*["'](?:\.\/)(?:chunks\/)?([^"']+\.js)["']/g)) {
      const next = `chunks/${name}`;
      if (existsSync(join(dist, next)) && !found.has(next)) atOnce(next, found);
    }
    return found;
  }

  // 60 KB are what it should be; this holds that it does not grow meanwhile.
  it("before anything is pressed: the element, 84 KB", () => {
    const files = [...atOnce("next-token.js")];
    expect(files.length, "it imports others").toBeGreaterThan(5);
    const bytes = files.reduce((sum, file) => sum + compressed(file), 0);
    console.log(`the element before interaction: ${files.join(", ")}, ${bytes} bytes`);
    expect(bytes).toBeLessThanOrEqual(84 * 1024);
  });

  it("the tokenizer's ranks, 240 KB, in a chunk that comes when it is in view", () => {
    const ranks = chunks.filter((name) => name.startsWith("gpt2-"));
    expect(ranks).toHaveLength(1);
    expect(compressed(`chunks/${ranks[0]}`)).toBeLessThanOrEqual(240 * 1024);
    expect([...atOnce("next-token.js")]).not.toContain(`chunks/${ranks[0]}`);
  });
});
