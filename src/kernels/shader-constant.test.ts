import { expect, it } from "vitest";
import { shaderConstant } from "./shader-constant.ts";

const wgsl = `
const threads = 64u;
const FEATURES = 128u; // of a quad
const half = threads / 2u;
  const inner = 3u;
`;

it("reads a number from where the shader declares it", () => {
  expect(shaderConstant(wgsl, "threads")).toBe(64);
  expect(shaderConstant(wgsl, "FEATURES")).toBe(128);
});

it.each(["half", "inner", "thread", "ROWS"])(
  "refuses %s, which no shader declares as a plain number",
  (name) => {
    expect(() => shaderConstant(wgsl, name)).toThrow(`must declare the constant ${name} once, not 0 times`);
  },
);

it("refuses a number that is declared twice", () => {
  expect(() => shaderConstant(wgsl + wgsl, "threads")).toThrow("not 2 times");
});
