import { expect, test } from "vitest";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { Random } from "./random.ts";
import * as words from "./words.ts";
import { kinds, writeKind } from "./world.ts";

const tokenizer = await loadTokenizer();
/** At the beginning of a text it is two tokens; children like it nevertheless. */
const inTwo = "Lily";

test("every word is one token with the space before it", () => {
  const long = Object.values(words)
    .flat(2)
    .filter((word) => tokenizer.encode(` ${word}`).length !== 1);
  expect(long).toEqual([]);
});

test("all that stands in texts is one token, too, at their beginnings but for one name", () => {
  const random = new Random(11);
  const long = new Set<string>();
  const used = new Set<number>();
  for (const kind of kinds)
    for (let i = 0; i < 500; i++) {
      const { text } = writeKind(kind, random, i % 2 ? "training" : "held-out");
      for (const id of tokenizer.encode(text)) used.add(id);
      for (const [word] of text.matchAll(/ ?[A-Za-z0-9]+/g))
        if (tokenizer.encode(word).length !== 1) long.add(word);
    }
  expect([...long]).toEqual([inTwo]);
  expect(used.size).toBeGreaterThan(450);
  expect(used.size).toBeLessThan(520);
});

test("no word has two meanings among people, things, places, animals and colors", () => {
  const all = [...words.names, ...words.things, ...words.places, ...words.animals, ...words.colors];
  expect(new Set(all).size).toBe(all.length);
});
