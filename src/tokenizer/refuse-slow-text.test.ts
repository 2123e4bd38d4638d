import { describe, expect, test } from "vitest";
import { loadTokenizer } from "./tokenizer.ts";

const tokenizer = await loadTokenizer();

const fill = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
const prose = "The students' notebooks weren't open yet; at 9:30, they would be. ";
const chinese = "学生们还没有打开他们的笔记本，九点半的时候才会打开。";

/** In milliseconds. */
function time(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

const refusal = (...words: string[]) =>
  expect.objectContaining({
    code: "text-too-long",
    message: expect.stringMatching(words.join(".*")),
  });

// Another program on the machine may slow one run down, but hardly three.
const timed = { retry: 2 };

describe("accepts within a second", timed, () => {
  test.each([
    ["100,000 characters of prose", fill(prose, 100_000)],
    ["20,000 characters of Chinese", fill(chinese, 20_000)],
    ["500 Chinese characters without a break", fill("学生们打开笔记本", 500)],
    ["a word of 1,500 letters", fill("x", 1500)],
    ["1,500 equals signs", fill("=", 1500)],
    ["1,500 spaces", fill(" ", 1500)],
    ["1,500 digits", fill("31415926", 1500)],
    ["375 emoji", fill("😀", 750)],
    ["100,000 characters in pieces of one", fill("a1", 100_000)],
    ["as much as both limits allow", `${fill("=", 1290)}${fill("a😀", 98_710)}`],
  ])("%s", (_, text) => {
    let ids: number[] = [];
    expect(time(() => (ids = tokenizer.encode(text)))).toBeLessThan(1000);
    expect(tokenizer.decode(ids)).toBe(text);
  });
});

describe("refuses at once", timed, () => {
  test.each([
    ["100,001 characters", fill(prose, 100_001), refusal("100,001 characters", "at most 100,000")],
    ["100 million characters", fill("x", 100_000_000), refusal("100,000,000 characters")],
    ["one word of 100,000 letters", fill("x", 100_000), refusal("longest has 100,000")],
    ["a word of 1,501 letters", fill("x", 1501), refusal("longest has 1,501")],
    ["501 Chinese characters without a break", fill("学生们打开笔记本", 501), refusal("longest has 501")],
    ["two words of 1,100 letters", `${fill("x", 1100)}, ${fill("y", 1100)}`, refusal("longest has 1,10")],
    ["100,000 spaces", fill(" ", 100_000), refusal("longest has 100,000")],
  ])("%s", (_, text, error) => {
    const refuse = () => expect(() => tokenizer.encode(text)).toThrow(error);
    expect(time(refuse)).toBeLessThan(100);
  });
});
