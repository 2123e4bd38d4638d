import { describe, expect, it } from "vitest";
import { drawnPositions, edges, GAP, logitMatrix } from "./logit-matrix.ts";

describe("the edges", () => {
  it.each([
    [1, [], [0]],
    [4, [], [0, 1, 2, 3]],
    [6, [], [0, 1, 2, 3, 4, 5]],
    [7, [], [0, 1, 2, GAP, 4, 5, 6]],
    [50257, [27018], [0, 1, 2, GAP, 27018, GAP, 50254, 50255, 50256]],
    [50257, [1], [0, 1, 2, GAP, 50254, 50255, 50256]],
    [50257, [3], [0, 1, 2, 3, GAP, 50254, 50255, 50256]],
  ])("of %d with %j", (length, also, expected) => {
    expect(edges(length, also)).toEqual(expected);
  });
});

it("holds the logits of the positions and columns that are drawn, row by row", () => {
  const [B, T, vocab_size] = [2, 9, 20];
  const positions = drawnPositions(T);
  expect(positions).toEqual([0, 1, 2, 6, 7, 8]);
  const value = (b: number, position: number, id: number) => 1000 * b + 100 * position + id;
  const data = Float32Array.from(
    [0, 1].flatMap((b) =>
      positions.flatMap((position) => Array.from({ length: vocab_size }, (_, id) => value(b, position, id))),
    ),
  );
  const matrix = logitMatrix(4, T, { shape: [B, positions.length, vocab_size], data }, [10, 0]);
  expect(matrix).toMatchObject({ step: 4, shape: [B, T, vocab_size], positions: [0, 1, 2, GAP, 6, 7, 8] });
  expect(matrix.rows[0]!.columns).toEqual([0, 1, 2, GAP, 10, GAP, 17, 18, 19]);
  expect(matrix.rows[1]!.columns).toEqual([0, 1, 2, GAP, 17, 18, 19]);
  for (const [b, { columns, logitAt }] of matrix.rows.entries())
    for (const position of positions)
      for (const id of columns) if (id !== GAP) expect(logitAt(position, id)).toBe(value(b, position, id));
});
