import { expect, test } from "vitest";
import { Random } from "./random.ts";
import { expand, readMarks, shapesOf, slotsOf } from "./template.ts";

const template = "(Then|Later) {a} gave the {t} to [{b}], and [{b.he}] (smiled|sang|ran).";

test("a template's choices are made, its slots filled, and its marks become places", () => {
  const slots = { a: "Max", t: "bell", b: "Lily", "b.he": "she" };
  const { text, answers } = expand(template, slots, new Random(1));
  expect(text).toMatch(/^(Then|Later) Max gave the bell to Lily, and she (smiled|sang|ran)\.$/);
  expect(answers.map(({ start, end }) => text.slice(start, end))).toEqual(["Lily", "she"]);
});

test("a slot that nothing fills is a mistake", () => {
  expect(() => expand("{a} and {b}", { a: "Max" }, new Random(1))).toThrow("{b}");
});

test("shapes are the ways in which choices can be made", () => {
  expect(shapesOf(template)).toBe(6);
  expect(shapesOf("It is.")).toBe(1);
  expect(shapesOf("{a} (is|is much ) here")).toBe(2);
});

test("slots are named once, with their pronouns", () => {
  expect(slotsOf(template)).toEqual(["a", "t", "b"]);
});

test("a text without marks asks nothing", () => {
  expect(readMarks("Nothing here.")).toEqual({ text: "Nothing here.", answers: [] });
});
