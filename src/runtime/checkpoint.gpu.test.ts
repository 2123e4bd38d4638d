import { expect, it } from "vitest";
import checkpointUrl from "../../tools/parity/fixtures/checkpoint-small/model.safetensors?url";
import reference from "../../tools/parity/fixtures/checkpoint-small.json";
import { argmax } from "../reference/argmax.ts";
import { softmax } from "../reference/softmax.ts";
import { fixtureFile } from "../test/fixture-file.ts";
import { maxAbsError } from "../test/matchers.ts";
import { ModelHandle } from "./model-handle.ts";

const file = () => fixtureFile(checkpointUrl);
const expected = reference.logits.flat(2);
const vocab_size = reference.logits[0]![0]!.length;

/** KL(p || q) of PyTorch's softmax p to ours q, in nats, the mean over positions. */
function klDivergence(logits: Float32Array): number {
  const p = softmax(expected, vocab_size);
  const q = softmax(logits, vocab_size);
  const sum = p.reduce((total, pi, i) => total + pi * Math.log(pi / q[i]!), 0);
  return sum / (p.length / vocab_size);
}

/** Share of positions at which the best token is PyTorch's. */
function top1Agreement(logits: Float32Array): number {
  const best = argmax(expected, vocab_size);
  const ours = argmax(logits, vocab_size);
  return ours.filter((id, i) => id === best[i]).length / best.length;
}

// f32 sums over a few hundred terms; f16 keeps 11 bits of a weight, int8 seven of the largest of 32.
it.each([
  { precision: "f32", largestKL: 1e-10, bytesBelow: 1 },
  { precision: "f16", largestKL: 1e-5, bytesBelow: 0.52 },
  { precision: "int8", largestKL: 1e-3, bytesBelow: 0.3 },
] as const)("a checkpoint of GPT-2's layout answers as PyTorch does, in $precision", async (expectation) => {
  const { precision, largestKL, bytesBelow } = expectation;
  const model = await ModelHandle.fromCheckpoint(await file(), {
    config: { n_heads: reference.n_head },
    precision,
  });
  const { data, shape } = await model.forward(reference.idx);
  const kl = klDivergence(data);
  const top1 = top1Agreement(data);
  const error = maxAbsError(data, expected);
  // Rows that do not fill whole packs stay in f32: of this model's, int8 can pack the second of the feed-forward.
  const packed = model.network.trf_blocks
    .flatMap(({ att, ff }) => [att.W_qkv, att.out_proj, ...ff.layers].map(({ weight }) => weight))
    .filter(({ format }) => precision === "f32" || format === precision);
  const values = packed.reduce((sum, { rows, rowLength }) => sum + rows * rowLength, 0);
  const bytes = packed.flatMap(({ parts }) => parts).reduce((sum, { buffer }) => sum + buffer.size, 0);
  console.log(
    `checkpoint, ${precision}: KL ${kl.toExponential(1)} nats, top-1 agreement ${(100 * top1).toFixed(0)} %, ` +
      `largest error of the logits ${error.toExponential(1)}, ${(bytes / values).toFixed(2)} bytes a weight`,
  );
  expect(shape).toEqual([reference.idx.length, reference.idx[0]!.length, vocab_size]);
  expect(kl).toBeLessThan(largestKL);
  expect(values).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(4 * values * bytesBelow);
  if (precision === "f32") {
    expect(error).toBeLessThan(1e-4);
    expect(top1).toBe(1);
  }
  model.destroy();
});

it("a file that is no checkpoint is refused with its rule", async () => {
  const page = new Blob(["<!doctype html><p>Not found</p>"]);
  await expect(ModelHandle.fromCheckpoint(page)).rejects.toMatchObject({ code: "bad-checkpoint" });
});
