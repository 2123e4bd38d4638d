import { expect, it } from "vitest";
import { matmul } from "./matmul.ts";

const x = [1, 2, 3, 4, 5, 6]; // [2, 3]
const W = [1, 0, -1, 2, 2, 2, 0, 1, 0, 10, 0, 1]; // [4, 3]: one output after the other
const dims = { num_rows: 2, in_dim: 3, out_dim: 4 };

it("takes the dot product of each row with each output's weights", () => {
  expect([...matmul(x, W, dims)]).toEqual([-2, 12, 2, 13, -2, 30, 5, 46]);
});

it("adds the bias to every row", () => {
  expect([...matmul(x, W, dims, [1, 10, 100, 1000])]).toEqual([-1, 22, 102, 1013, -1, 40, 105, 1046]);
});
