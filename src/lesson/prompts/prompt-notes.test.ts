import { expect, it } from "vitest";
import { promptNotes } from "./prompt-notes.ts";

it("says nothing about an ordinary prompt", () => {
  expect(promptNotes("Hello, I am", [15496, 11, 314, 716], 4)).toEqual([]);
});

it("says what an empty prompt starts from", () => {
  expect(promptNotes("", [50256], 1024)).toEqual([expect.stringContaining("<|endoftext|> (50256)")]);
});

it("says that the name of a special token is not the token", () => {
  expect(promptNotes("One.<|endoftext|>Two.", [1, 2], 1024)).toEqual([
    expect.stringMatching(/^<\|endoftext\|> in a prompt is read as these letters.+not as the token 50256/),
  ]);
});

it("points at a space at the end", () => {
  expect(promptNotes("Hello ", [15496, 220], 1024)).toEqual([expect.stringContaining("ends with a space")]);
});

it("says what is cropped", () => {
  expect(promptNotes("a", new Array<number>(1100).fill(64), 1024)).toEqual([
    expect.stringMatching(/^1,100 tokens do not fit a context of 1,024: the first 76 are cropped/),
  ]);
  expect(promptNotes("a", [1, 2, 3], 2)).toEqual([
    expect.stringMatching(/the first is cropped.+reads it\.$/),
  ]);
});

it("says how far a long text is", () => {
  expect(promptNotes("x", [], 10, 0.4)).toEqual([expect.stringContaining("40 %")]);
});
