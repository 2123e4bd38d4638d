import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare } from "./compare.ts";
import { list, type Numbers, size, tensor, text } from "./output.ts";
import { printed } from "./printed.ts";

/** The same output with one value changed. */
const changed = (output: Numbers, at: number, by: number): Numbers => ({
  ...output,
  values: output.values.map((value, i) => (i === at ? value + by : value)),
});

describe("ids and shapes", () => {
  it("agree when they are identical", () => {
    expect(compare(printed.batch, printed.batch)).toMatchObject({
      agrees: true,
      summary: "Identical, all 8 numbers. Largest difference: 0.",
    });
  });

  it("differ by a single id, which is found", () => {
    expect(compare(printed.generated, changed(printed.generated, 5, 1))).toEqual({
      agrees: false,
      differing: new Set([5]),
      summary: "1 of 14 numbers differ. Largest difference: 1.",
    });
  });

  it("differ when one is longer, or laid out otherwise", () => {
    expect(compare(list([1, 2]), list([1, 2, 3])).agrees).toBe(false);
    expect(compare(tensor([[1, 2]]), tensor([[1], [2]])).summary).toBe(
      "Another shape: [2, 1] instead of [1, 2].",
    );
    expect(compare(list([1, 2]), size([1, 2])).agrees).toBe(false);
  });
});

describe("logits", () => {
  it("agree to the fourth decimal", () => {
    expect(compare(printed.logits, changed(printed.logits, 0, 0.00009))).toMatchObject({
      agrees: true,
      summary: "Largest difference of 48 numbers: 0.000090, at most 0.0001 is allowed.",
    });
    expect(compare(printed.logits, changed(printed.logits, 7, -0.00011))).toEqual({
      agrees: false,
      differing: new Set([7]),
      summary:
        "Largest difference of 48 numbers: 0.000110, at most 0.0001 is allowed; 1 of 48 differ by more.",
    });
  });

  it("never agree with what is not a number", () => {
    const found = compare(printed.logits, changed(printed.logits, 3, Number.NaN));
    expect(found.agrees).toBe(false);
    expect(found.differing).toEqual(new Set([3]));
    expect(found.summary).toContain("NaN");
  });

  it("differ wherever one of them is moved", () => {
    const anyMove = fc.double({ min: 1.1e-4, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.nat(47), anyMove, fc.boolean(), (at, move, up) => {
        const found = compare(printed.logits, changed(printed.logits, at, up ? move : -move));
        expect([...found.differing]).toEqual([at]);
      }),
    );
  });
});

describe("text", () => {
  it("agrees when it is identical", () => {
    expect(compare(text("am"), text("am"))).toMatchObject({
      agrees: true,
      summary: "Identical, all 2 characters.",
    });
  });

  it("differs from the first other character", () => {
    expect(compare(text("Hello"), text("Help"))).toMatchObject({
      agrees: false,
      summary: "The texts part at character 4.",
    });
    expect(compare(text("Hello"), text("Hell")).summary).toBe("The texts part at character 5.");
    expect(compare(text("Hello"), list([1])).agrees).toBe(false);
  });
});
