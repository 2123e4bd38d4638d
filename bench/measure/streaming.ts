import type { Engine } from "../../src/gpu/engine.ts";
import { readBuffer } from "../../src/gpu/readback.ts";
import { type DispatchInfo, Recording } from "../../src/gpu/recording.ts";
import { nameOf, outputs, type Sum, sums } from "../streaming/sums.ts";
import { wholeWeights } from "./bytes.ts";
import type { StreamingRow } from "./result.ts";
import { SAMPLES } from "./sampling.ts";
import { summarize } from "./statistics.ts";

const STORAGE = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;

/** Smaller tensors are left out: a dispatch for a few kilobytes times the dispatch. */
const LARGE = 1024 * 1024;

/** The weights are read again until it takes this long. */
const LONG_ENOUGH_MS = 100;
const MAX_REPEATS = 400;

/**
 * The roofline: how fast each of the sums reads the weights that a decode step reads, in GB/s. The best of its samples
 * counts, because the question is what the adapter can do.
 */
export async function timeStreaming(engine: Engine, step: readonly DispatchInfo[]): Promise<StreamingRow[]> {
  const weights = [...new Set(step.flatMap(wholeWeights))];
  const large = weights.filter(({ size }) => size >= LARGE && size % 16 === 0);
  const rows: StreamingRow[] = [];
  for (const sum of large.length > 0 ? sums : []) {
    await checkSum(engine, sum);
    rows.push({ kernel: nameOf(sum), gb_per_s: await stream(engine, sum, large) });
  }
  return rows.sort((a, b) => b.gb_per_s - a.gb_per_s);
}

async function stream(engine: Engine, sum: Sum, inputs: readonly GPUBuffer[]): Promise<number> {
  const { device } = engine.gpu;
  const { recording, destroy } = await record(engine, sum, inputs);
  const run = async (repeats: number): Promise<number> => {
    const encoder = device.createCommandEncoder({ label: recording.label });
    const pass = encoder.beginComputePass({ label: recording.label });
    for (let i = 0; i < repeats; i++) recording.encode(pass);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return (performance.now() - start) / repeats;
  };
  try {
    const warmUp = await run(1);
    const repeats = Math.min(MAX_REPEATS, Math.ceil(LONG_ENOUGH_MS / Math.max(warmUp, 0.01)));
    const times: number[] = [];
    while (times.length < SAMPLES) times.push(await run(repeats));
    const bytes = inputs.reduce((total, { size }) => total + size, 0);
    return bytes / summarize(times).min / 1e6;
  } finally {
    destroy();
  }
}

/** A kernel that reads only part of its input would make a fine roofline: so each must first add up numbers known. */
async function checkSum(engine: Engine, sum: Sum): Promise<void> {
  const { gpu } = engine;
  const values = Float32Array.from({ length: 4 * 50021 }, (_, i) => i % 7); // whole numbers: exact in any order
  const expected = values.reduce((total, value) => total + value, 0);
  const x = gpu.createBuffer("known numbers", values.byteLength, STORAGE);
  gpu.device.queue.writeBuffer(x, 0, values);
  const { recording, results, destroy } = await record(engine, sum, [x]);
  try {
    const encoder = gpu.device.createCommandEncoder({ label: recording.label });
    const pass = encoder.beginComputePass({ label: recording.label });
    recording.encode(pass);
    pass.end();
    gpu.device.queue.submit([encoder.finish()]);
    const parts = new Float32Array(await readBuffer(gpu, results[0]!));
    const total = parts.reduce((sum, part) => sum + part, 0);
    if (total !== expected) throw new Error(`${nameOf(sum)} adds up to ${total} instead of ${expected}.`);
  } finally {
    destroy();
    gpu.destroyBuffer(x);
  }
}

/** One dispatch an input, each with an output of its own, so that none waits for another. */
async function record({ gpu, pipelines }: Engine, sum: Sum, inputs: readonly GPUBuffer[]) {
  const recording = new Recording(nameOf(sum), gpu, pipelines);
  const results = inputs.map((x) => {
    const count = x.size / 16;
    const y = gpu.createBuffer("partial sums", outputs(sum, count) * 4, STORAGE);
    recording.add(sum.kernel, { x, y }, { count }, sum.constants);
    return y;
  });
  await recording.prepare();
  const destroy = () => {
    recording.destroy();
    for (const y of results) gpu.destroyBuffer(y);
  };
  return { recording, results, destroy };
}
