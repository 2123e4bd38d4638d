import { describe, expect, it } from "vitest";
import { argmax as referenceArgmax } from "../reference/argmax.ts";
import { softmax as referenceSoftmax } from "../reference/softmax.ts";
import { expectClose } from "../test/matchers.ts";
import { testDevice } from "../test/models.ts";
import { randomValues } from "../test/values.ts";
import { argmax, softmax } from "./tensor-ops.ts";

describe.each([
  [1, 1, 1],
  [2, 1, 61],
  [3, 5, 257],
  [2, 1, 50257],
])("logits of shape [%i, %i, %i]", (B, T, vocab_size) => {
  const logits = {
    shape: [B, T, vocab_size] as [number, number, number],
    // Of the size of real logits, with every tenth of a tenth of ids tied to others.
    data: randomValues(B * T * vocab_size, B).map((v) => Math.round(80 * v) / 10),
  };

  it("softmax gives each row's probabilities", async () => {
    const { shape, data } = await softmax(await testDevice(), logits);
    expect(shape).toEqual([B, T, vocab_size]);
    expectClose(data, referenceSoftmax(logits.data, vocab_size), { rel: 1e-4, abs: 1e-30 });
  });

  it("argmax(softmax(logits)) is argmax(logits), as the order does not change", async () => {
    const device = await testDevice();
    const ids = await argmax(device, logits);
    expect(ids).toEqual([...referenceArgmax(logits.data, vocab_size)]);
    expect(await argmax(device, await softmax(device, logits))).toEqual(ids);
  });
});

it("they leave nothing on the GPU", async () => {
  const device = await testDevice();
  await argmax(device, { shape: [1, 1, 3], data: Float32Array.of(1, 3, 2) });
  expect(device.accounting.liveBytes).toBe(0);
});
