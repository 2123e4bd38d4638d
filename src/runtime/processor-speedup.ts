import type { GPTConfig } from "../config.ts";
import { Processor } from "../cpu/processor.ts";
import type { Device } from "../device/device.ts";
import type { Recording } from "../device/recording.ts";
import { uploadWeights } from "../loading/upload-weights.ts";
import { destroyTensors } from "../pass/weight-tensors.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { DecodeContext } from "./decode-context.ts";
import { causalNetwork } from "./runnable.ts";

/** One block of GPT-2 with a vocabulary so small that its head is nothing beside it. */
const config: GPTConfig = {
  vocab_size: 64,
  context_length: 16,
  emb_dim: 768,
  n_heads: 12,
  n_layers: 1,
  drop_rate: 0,
  qkv_bias: false,
};

/** Milliseconds that a sample takes at least, and samples of which the best counts. */
const LONG_ENOUGH_MS = 30;
const SAMPLES = 3;

const measured = new WeakMap<Device, Promise<number>>();

/**
 * How many times as fast as `device` the processor computes one token through one block of GPT-2. Measured once for a device,
 * in less than a second, on a processor of its own that is closed again.
 * @throws NextTokenError "no-webassembly", and what allocating throws
 */
export function processorSpeedup(device: Device): Promise<number> {
  const known = measured.get(device) ?? measure(device);
  measured.set(device, known);
  known.catch(() => measured.delete(device));
  return known;
}

async function measure(device: Device): Promise<number> {
  const processor = await Processor.open();
  try {
    return (await timeOfBlock(device)) / (await timeOfBlock(processor));
  } finally {
    processor.destroy();
  }
}

async function bestTime(step: Recording): Promise<number> {
  const runs = Math.max(1, Math.ceil(LONG_ENOUGH_MS / Math.max(await step.time(1), 0.01)));
  let best = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < SAMPLES; sample++) best = Math.min(best, await step.time(runs));
  return best;
}

/** Milliseconds of a decode step. */
async function timeOfBlock(device: Device): Promise<number> {
  const tensors = await uploadWeights(device, seededWeights(1, config));
  try {
    const model = causalNetwork(device, config, tensors);
    const decoding = await DecodeContext.open(model, { batch: 1, capacity: 8, topK: 0 });
    try {
      await decoding.prefill([[1, 2, 3, 4]]);
      await decoding.next();
      return await device.mutex.run(() => bestTime(decoding.decodeRecording));
    } finally {
      await decoding.destroy();
    }
  } finally {
    destroyTensors(device, tensors);
  }
}
