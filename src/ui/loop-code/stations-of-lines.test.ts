import { describe, expect, it } from "vitest";
import { drawnListings, listings } from "./listings.ts";
import { linesAt } from "./stations-of-lines.ts";

const stations = [1, 2, 3, 4, 5, 6, 7] as const;
const languages = ["python", "typescript"] as const;
const textsOf = (language: (typeof languages)[number]) =>
  listings[language].map((line) => line.map(([text]) => text).join(""));

describe.each(languages)("%s", (language) => {
  it("has lines for every station, and no line belongs to two", () => {
    const lines = stations.flatMap((station) => linesAt(station, language, listings[language]));
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.length).toBeGreaterThanOrEqual(stations.length);
  });

  it("goes through the loop from above to below, decodes outside it, and then turns back to its head", () => {
    const line = (station: (typeof stations)[number]) => linesAt(station, language, listings[language])[0]!;
    const inLoop = [7, 1, 2, 3, 4, 6] as const;
    const order = inLoop.map(line);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(line(5)).toBeGreaterThan(Math.max(...order));
  });

  it("lights code, never a comment", () => {
    for (const station of stations) {
      for (const i of linesAt(station, language, listings[language])) {
        expect(textsOf(language)[i]).not.toMatch(/^\s*(#|\/\/)/);
      }
    }
  });
});

it("shows our loop whole, and a call of it", () => {
  const texts = textsOf("typescript");
  expect(texts[0]).toBe("export async function generateTextSimple(");
  expect(texts).toContain("  return rows;");
  expect(texts.filter((text) => text.includes("generateTextSimple("))).toHaveLength(2);
  expect(texts.at(-1)).toMatch(/tokenizer\.decode\(/);
});

it("says so when a line is no longer there", () => {
  const without = listings.python.filter((line) => !line.some(([text]) => text.includes("argmax")));
  expect(() => linesAt(4, "python", without)).toThrow('"idx_next = torch.argmax(" is in 0 lines');
});

it.each(languages)("a token that is drawn has its lines for every station in %s", (language) => {
  for (const station of stations)
    expect(linesAt(station, language, drawnListings[language], true)).not.toHaveLength(0);
});
