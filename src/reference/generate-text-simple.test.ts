import { expect, it } from "vitest";
import { generateTextSimple } from "./generate-text-simple.ts";
import type { GPTModel } from "./gpt-model.ts";

const VOCAB_SIZE = 10;

/** A model whose likeliest token is the sum of the tokens it sees, mod 10; earlier positions point elsewhere. */
function sumModel() {
  const seen: number[][][] = [];
  const forward = (idx: readonly (readonly number[])[]) => {
    seen.push(idx.map((row) => [...row]));
    const logits = new Float64Array(idx.length * idx[0].length * VOCAB_SIZE);
    idx.flat().forEach((_, position) => {
      logits[position * VOCAB_SIZE] = 1;
    });
    idx.forEach((row, b) => {
      const last = (b + 1) * row.length - 1;
      logits[last * VOCAB_SIZE + (row.reduce((sum, id) => sum + id) % VOCAB_SIZE)] = 2;
    });
    return logits;
  };
  return { model: { cfg: { vocab_size: VOCAB_SIZE }, forward } as unknown as GPTModel, seen };
}

it("appends the likeliest token of each row's last position", () => {
  const { model } = sumModel();
  const ids = generateTextSimple(
    model,
    [
      [1, 2],
      [4, 4],
    ],
    3,
    8,
  );
  expect(ids).toEqual([
    [1, 2, 3, 6, 2],
    [4, 4, 8, 6, 2],
  ]);
});

it("shows the model the last context_size tokens only", () => {
  const { model, seen } = sumModel();
  expect(generateTextSimple(model, [[1, 2, 3]], 2, 2)).toEqual([[1, 2, 3, 5, 8]]);
  expect(seen).toEqual([[[2, 3]], [[3, 5]]]);
});

it("leaves the prompt as it was", () => {
  const prompt = [[1, 2]];
  expect(generateTextSimple(sumModel().model, prompt, 0, 8)).toEqual([[1, 2]]);
  generateTextSimple(sumModel().model, prompt, 2, 8);
  expect(prompt).toEqual([[1, 2]]);
});
