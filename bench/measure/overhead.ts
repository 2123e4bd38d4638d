import { defineKernel } from "../../src/device/kernel.ts";
import type { Recording } from "../../src/device/recording.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { PassTimer } from "./pass-timer.ts";
import type { Overhead } from "./result.ts";
import { SAMPLES } from "./sampling.ts";
import count from "./shaders/count.wgsl?raw";
import { median } from "./statistics.ts";

const counter = defineKernel({
  label: "count",
  wgsl: count,
  bindings: ["y"],
  dims: ["by"],
  workgroups: () => [1],
});

/** Dispatches in a submission: one, about as many as a token needs, and twice that. */
const LENGTHS = [1, 63, 126];
/** Submissions that are timed one by one: a page's clock is coarse, and the scheduler has its moods. */
const SUBMISSIONS = 50;

/** What dispatches and submissions cost that compute nothing. Throws where the GPU left one out. */
export async function timeOverhead(device: Gpu): Promise<Overhead> {
  const y = device.createStorage("count", 4);
  const recordings = LENGTHS.map(() => device.createRecording("count"));
  const timer = new PassTimer(device);
  try {
    for (const [i, recording] of recordings.entries()) {
      for (let n = 0; n < LENGTHS[i]!; n++) recording.add(counter, { y }, { by: 1 });
      await recording.prepare();
    }
    const passes: number[] = [];
    for (let i = 0; i < SAMPLES; i++) passes.push(await timer.time((pass) => recordings[0]!.encode(pass)));

    const submissions = [];
    for (const [i, recording] of recordings.entries()) {
      await zero(recording);
      const encoding: number[] = [];
      const waiting: number[] = [];
      for (let n = 0; n < SUBMISSIONS; n++) {
        const start = performance.now();
        recording.run();
        encoding.push(performance.now() - start);
        await device.finished();
        waiting.push(performance.now() - start);
      }
      const [found] = new Uint32Array(await device.read(y));
      const expected = SUBMISSIONS * LENGTHS[i]!;
      if (found !== expected) throw new Error(`${expected} dispatches counted to ${found}.`);
      submissions.push({
        dispatches: LENGTHS[i]!,
        encode_ms: median(encoding),
        done_ms: median(waiting),
      });
    }
    return { dispatch_ms: median(passes), submissions };
  } finally {
    timer.destroy();
    for (const recording of recordings) recording.destroy();
    device.destroyBuffer(y);
  }

  /** The counter at zero, after a submission that nobody times. */
  async function zero(warmUp: Recording): Promise<void> {
    warmUp.run();
    await device.finished();
    device.write(y, 0, Uint32Array.of(0));
  }
}
