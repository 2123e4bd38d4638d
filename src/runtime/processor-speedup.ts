import { Processor } from "../cpu/processor.ts";
import type { Device } from "../device/device.ts";
import type { Recording } from "../device/recording.ts";
import { uploadWeights } from "../loading/upload-weights.ts";
import { destroyTensors } from "../pass/weight-tensors.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { DecodeContext } from "./decode-context.ts";
import { oneBlock, oneBlockDecoding } from "./one-block.ts";
import { causalNetwork } from "./runnable.ts";

/** Milliseconds that a sample takes at least, and samples of which the best counts. */
const LONG_ENOUGH_MS = 30;
const SAMPLES = 3;

const measured = new WeakMap<Device, Promise<number>>();

/**
 * How many times as fast as `device` the processor computes one token through one block of GPT-2. Measured once for a device,
 * by the pipelines that the self-test has compiled, on a processor of its own that is closed again.
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
  const tensors = await uploadWeights(device, seededWeights(1, oneBlock));
  try {
    const model = causalNetwork(device, oneBlock, tensors);
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
