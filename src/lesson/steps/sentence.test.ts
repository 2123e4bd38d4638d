import { expect, it } from "vitest";
import { code, join, plain, say } from "./sentence.ts";

it("keeps words and values apart, and reads as text", () => {
  const sentence = say`The ${"4"} tokens of ${code("idx")} go in.`;
  expect(sentence.words).toEqual(["The ", " tokens of ", " go in."]);
  expect(sentence.values).toEqual(["4", { code: "idx" }]);
  expect(plain(sentence)).toBe("The 4 tokens of idx go in.");
});

it("sentences without values, and with values at their ends, are joined by a space", () => {
  expect(plain(join(say`One.`))).toBe("One.");
  expect(plain(join(say`One.`, say`${"2"} is two`, say`.`))).toBe("One. 2 is two.");
  const joined = join(say`a ${"1"}`, say`${"2"} b`);
  expect(joined.words).toEqual(["a ", " ", " b"]);
  expect(joined.values).toEqual(["1", "2"]);
});
