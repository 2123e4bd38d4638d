import { describe, expect, it } from "vitest";
import { list, logits, size, tensor, text } from "./output.ts";
import { print, printText } from "./print.ts";

// The expected texts were printed by PyTorch.

describe("prints as PyTorch does", () => {
  it("ids, padded to the longest", () => {
    const batch = [
      [6109, 3626, 6100, 345],
      [6109, 1110, 6622, 257],
    ];
    expect(printText(tensor(batch))).toBe(
      ["tensor([[6109, 3626, 6100,  345],", "        [6109, 1110, 6622,  257]])"].join("\n"),
    );
  });

  it("a row that is longer than a line", () => {
    const row = [15496, 11, 314, 716, 27018, 7283, 46275, 41426, 33167, 33239, 1946, 25644, 17816, 13745];
    expect(printText(tensor([row]))).toBe(
      [
        "tensor([[15496,    11,   314,   716, 27018,  7283, 46275, 41426, 33167, 33239,",
        "          1946, 25644, 17816, 13745]])",
      ].join("\n"),
    );
  });

  it("logits, of each row the ends, with a blank line between the texts", () => {
    const rows = [
      [-0.00717, -0.21368, -0.34666, 9, 9, -0.32401, -0.2338, -0.10702],
      [0.7063, -0.7429, -0.6645, 9, 9, -0.653, -0.1393, 1.06],
      [0.1386, -0.4081, -0.1563, 9, 9, -0.0892, -0.0672, -0.0157],
      [0.2353, -0.1177, -0.1307, 9, 9, 1.0729, -0.3517, 0.3905],
    ];
    expect(printText(logits({ shape: [2, 2, 8], data: new Float32Array(rows.flat()) }))).toBe(
      [
        "tensor([[[-0.0072, -0.2137, -0.3467,  ..., -0.3240, -0.2338, -0.1070],",
        "         [ 0.7063, -0.7429, -0.6645,  ..., -0.6530, -0.1393,  1.0600]],",
        "",
        "        [[ 0.1386, -0.4081, -0.1563,  ..., -0.0892, -0.0672, -0.0157],",
        "         [ 0.2353, -0.1177, -0.1307,  ...,  1.0729, -0.3517,  0.3905]]])",
      ].join("\n"),
    );
  });

  it("wider numbers, which widen every column", () => {
    const data = new Float32Array(2000);
    data[0] = -10.25;
    expect(printText(logits({ shape: [1, 1, 2000], data }))).toBe(
      "tensor([[[-10.2500,   0.0000,   0.0000,  ...,   0.0000,   0.0000,   0.0000]]])",
    );
  });

  it("what is not a number", () => {
    const data = new Float32Array([Number.NaN, 0, 0, 0, 0, Number.NEGATIVE_INFINITY]);
    expect(printText(logits({ shape: [1, 1, 6], data }))).toBe(
      "tensor([[[   nan, 0.0000, 0.0000,  ..., 0.0000, 0.0000,   -inf]]])",
    );
  });

  it("lists, sizes and text", () => {
    expect(printText(list([15496, 11]))).toBe("[15496, 11]");
    expect(printText(size([2, 4, 50257]))).toBe("torch.Size([2, 4, 50257])");
    expect(printText(text("2014440[' Original"))).toBe("2014440[' Original");
  });
});

it("says which piece shows which value", () => {
  const values = print(tensor([[1, 2]])).filter(({ at }) => at !== undefined);
  expect(values).toEqual([
    { text: "1", at: 0 },
    { text: "2", at: 1 },
  ]);
});
