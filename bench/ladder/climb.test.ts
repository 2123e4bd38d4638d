import { describe, expect, it } from "vitest";
import { firstWrong } from "./climb.ts";

describe("firstWrong", () => {
  const expected = { values: Float64Array.of(1, 2, 3), bounds: Float64Array.of(0.1, 0.1, 0.1) };

  it("finds nothing where all is within its bounds", () => {
    expect(firstWrong([1.05, 2, 2.95], expected)).toBeUndefined();
  });

  it("finds a value that is too far off", () => {
    expect(firstWrong([1, 2.2, 3], expected)).toBe("value 1 is 2.2 instead of 2");
  });

  it("finds what was not written", () => {
    expect(firstWrong([1, 2, Number.NaN], expected)).toBe("value 2 is NaN instead of 3");
  });

  it("finds what is missing", () => {
    expect(firstWrong([1, 2], expected)).toBe("2 values instead of 3");
  });
});
