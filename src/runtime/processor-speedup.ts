import type { GPTConfig } from "../config.ts";
import { Processor } from "../cpu/processor.ts";
import type { Device } from "../device/device.ts";
import type { Recording } from "../device/recording.ts";
import { uploadWeights } from "../loading/upload-weights.ts";
import { destroyTensors } from "../pass/weight-tensors.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { DecodeContext } from "./decode-context.ts";
import { oneBlockDecoding, oneBlockOf } from "./one-block.ts";
import { causalNetwork } from "./runnable.ts";

/** Milliseconds that a sample takes at least, and samples of which the best counts. */
const LONG_ENOUGH_MS = 30;
const SAMPLES = 3;

const measured = new WeakMap<Device, Map<GPTConfig, Promise<number>>>();

/**
 * How many times as fast as `device` the processor computes one token through one block, by the pipelines that the self-test
 * has compiled. Measured once for a device and a block, on a processor of its own that is closed again.
 * @param like the model that it is for: the block is as wide, where `oneBlockOf` has such a one
 * @throws NextTokenError "no-webassembly", and what allocating throws
 */
export function processorSpeedup(device: Device, like: Partial<GPTConfig>): Promise<number> {
  const ofDevice = measured.get(device) ?? new Map<GPTConfig, Promise<number>>();
  measured.set(device, ofDevice);
  const block = oneBlockOf(like);
  const known = ofDevice.get(block) ?? measure(device, block);
  ofDevice.set(block, known);
  known.catch(() => ofDevice.delete(block));
  return known;
}

async function measure(device: Device, block: GPTConfig): Promise<number> {
  const processor = await Processor.open();
  try {
    return (await timeOfBlock(device, block)) / (await timeOfBlock(processor, block));
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
async function timeOfBlock(device: Device, block: GPTConfig): Promise<number> {
  const tensors = await uploadWeights(device, seededWeights(1, block));
  try {
    const model = causalNetwork(device, block, tensors);
    const decoding = await DecodeContext.open(model, oneBlockDecoding);
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
