import { expect, it } from "vitest";
import { checkMask } from "./check-model-options.ts";

it("a mask is one of two", () => {
  checkMask("causal");
  checkMask("none");
  for (const mask of ["", "Causal", "full", "toString", undefined as unknown as string]) {
    expect(() => checkMask(mask), mask).toThrow(expect.objectContaining({ code: "bad-mask" }));
  }
});
