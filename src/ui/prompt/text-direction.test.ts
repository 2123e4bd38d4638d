import { expect, it } from "vitest";
import { textDirection } from "./text-direction.ts";

it("leaves the direction of a text that is not long to the browser", () => {
  for (const text of ["", "Hello", "שלום", "x".repeat(20_000)]) expect(textDirection(text)).toBe("auto");
});

it.each([
  ["Hello, שלום. ", "ltr"],
  ["12: שלום, Hello. ", "rtl"],
  ["مرحبا. ", "rtl"],
  ["学生们。", "ltr"],
  ["0 = 0; ", "ltr"],
])("goes by the first letter of a long one: %j", (unit, direction) => {
  expect(textDirection(unit.repeat(10_000))).toBe(direction);
});
