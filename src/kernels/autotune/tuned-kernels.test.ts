import { expect, it } from "vitest";
import { SAFEST, saferThan, type TunedKernels } from "./tuned-kernels.ts";

/** All that is tried after a choice, in order. */
function tried(kernels: TunedKernels): TunedKernels[] {
  const safer = saferThan(kernels);
  return safer ? [safer, ...tried(safer)] : [];
}

const card: TunedKernels = {
  one: "matvecSubgroups",
  few: "matvecSubgroups",
  many: "matmul",
  attention: "tile",
};
const memory: TunedKernels = { one: "matvec", few: "matvec", many: "matmul", attention: "workgroup" };

it("a card goes without subgroups before it goes without workgroups", () => {
  expect(tried(card)).toEqual([memory, SAFEST]);
  expect(tried(memory)).toEqual([SAFEST]);
});

it("quads go all at once, and from the safest there is nowhere to go", () => {
  const quads: TunedKernels = {
    one: "matmulRegister",
    few: "matmulQuad4Rows",
    many: "matmulQuad",
    attention: "quad",
  };
  expect(tried(quads)).toEqual([SAFEST]);
  expect(saferThan(SAFEST)).toBeUndefined();
});
