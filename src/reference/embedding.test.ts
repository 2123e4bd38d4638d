import { expect, it } from "vitest";
import { embedding } from "./embedding.ts";

const tok_emb = [1, 2, 10, 20, 100, 200]; // [3, 2]
const pos_emb = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]; // [3, 2]

it("adds the token's row and the position's row; positions begin anew in each row of the batch", () => {
  const y = embedding([2, 0, 1, 1], tok_emb, pos_emb, { num_tokens: 2, emb_dim: 2, first_position: 0 });
  expect([...y]).toEqual([100.1, 200.2, 1.3, 2.4, 10.1, 20.2, 10.3, 20.4]);
});

it("counts positions from first_position", () => {
  const y = embedding([0, 0], tok_emb, pos_emb, { num_tokens: 1, emb_dim: 2, first_position: 2 });
  expect([...y]).toEqual([1.5, 2.6, 1.5, 2.6]);
});
