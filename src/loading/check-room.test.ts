import { expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../config.ts";
import type { Device } from "../device/device.ts";
import type { WeightSource } from "../weights/weight-source.ts";
import { checkRoom } from "./allocate-tensors.ts";

/** GPT-2 XL: 1.6 billion weights, its head tied to the embedding. */
const xl: WeightSource = {
  config: { ...GPT_CONFIG_124M, emb_dim: 1600, n_heads: 25, n_layers: 48, qkv_bias: true },
  tied: true,
  totalBytes: 0,
  // biome-ignore lint/correctness/useYield: nothing of it may be asked for
  async *chunks() {
    throw new Error("It was asked for.");
  },
};

const within = (memoryBytes: number | undefined) => ({ limits: { memoryBytes } }) as unknown as Device;
const refusal = expect.objectContaining({ name: "NextTokenError", code: "limits-too-small" });

it("a model that cannot fit is refused before a byte of it is read, with what to do", () => {
  expect(() => checkRoom(within(2 ** 32), xl, "f32")).toThrow(refusal);
  expect(() => checkRoom(within(2 ** 32), xl, "f32")).toThrow(
    /weights are 6\.\d GB in f32.+at most 4\.3 GB\. Choose/,
  );
});

it("in fewer bytes it fits", () => {
  checkRoom(within(2 ** 32), xl, "f16");
  checkRoom(within(2 ** 32), xl, "int8");
  expect(() => checkRoom(within(2 ** 31), xl, "f16")).toThrow(refusal);
});

it("a device that tells no limit is asked by allocating", () => {
  checkRoom(within(undefined), xl, "f32");
});
