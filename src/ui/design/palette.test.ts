import { describe, expect, it } from "vitest";
import { dark, light, type Palette } from "./palette.ts";

/** Relative luminance of "#rrggbb" as WCAG 2 defines it, 0 (black) to 1 (white). */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [lower, upper] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (upper! + 0.05) / (lower! + 0.05);
}

/** WCAG AA: 4.5 for text, 3 for edges and charts. */
const pairs: [keyof Palette, keyof Palette, number][] = [
  ["ink", "paper", 4.5],
  ["ink", "wash", 4.5],
  ["ink", "accentWash", 4.5],
  ["soft", "paper", 4.5],
  ["soft", "wash", 4.5],
  ["soft", "accentWash", 4.5],
  ["accent", "paper", 4.5],
  ["accent", "wash", 4.5],
  ["accent", "accentWash", 4.5],
  ["onAccent", "accent", 4.5],
  ["paper", "ink", 4.5],
  ["codeKeyword", "paper", 4.5],
  ["codeKeyword", "wash", 4.5],
  ["codeType", "paper", 4.5],
  ["codeType", "wash", 4.5],
  ["codeNumber", "paper", 4.5],
  ["codeNumber", "wash", 4.5],
  ["codeString", "paper", 4.5],
  ["codeString", "wash", 4.5],
  ["codeFunction", "paper", 4.5],
  ["codeFunction", "wash", 4.5],
  ["edge", "paper", 3],
  ["bar", "paper", 3],
  ["heat", "paper", 3],
];

describe.each([
  ["light", light],
  ["dark", dark],
])("%s palette", (_, palette) => {
  it.each(pairs)("%s on %s reaches %d", (front, back, least) => {
    expect(contrast(palette[front], palette[back])).toBeGreaterThanOrEqual(least);
  });
});

it("measures contrast as WCAG does", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 6);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});
