import type { Gpu } from "../../src/gpu/gpu.ts";
import type { GpuRecording } from "../../src/gpu/gpu-recording.ts";
import { PassTimer } from "../measure/pass-timer.ts";
import type { LadderResult } from "./result.ts";
import type { Expected, Ladder, Rung } from "./rung.ts";

/** Rounds in which all rungs are timed one after the other, so that other load on the machine slows all of them. The best counts. */
const ROUNDS = 3;

/** Checks every rung of a ladder against its reference, and then times them. Throws when a rung is wrong. */
export async function climb(device: Gpu, ladder: Ladder): Promise<LadderResult> {
  const runnable = ladder.rungs.filter(({ subgroups }) => !subgroups || device.features.has("subgroups"));
  const recordings = new Map<Rung, GpuRecording>();
  const best = new Map<Rung, number>();
  const timer = new PassTimer(device);
  try {
    for (const rung of runnable) {
      const recording = device.createRecording(rung.name);
      recordings.set(rung, recording);
      rung.record(recording);
      await recording.prepare();
      await check(device, ladder, rung, recording);
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const rung of runnable) {
        const ms = await timer.time((pass) => recordings.get(rung)!.encode(pass));
        best.set(rung, Math.min(ms, best.get(rung) ?? Number.POSITIVE_INFINITY));
      }
    }
  } finally {
    timer.destroy();
    for (const recording of recordings.values()) recording.destroy();
  }
  const rungs = runnable.map((rung) => ({ name: rung.name, file: rung.file, ms: best.get(rung)! }));
  return { title: ladder.title, rungs };
}

/** NaN wherever the kernel does not write, and a wrong number wherever it writes one, end the run. */
async function check(device: Gpu, { output }: Ladder, { name, expected }: Rung, recording: GpuRecording) {
  device.write(output, 0, new Uint32Array(output.size / 4).fill(0x7fc00000));
  recording.run();
  const wrong = firstWrong(new Float32Array(await device.read(output)), expected);
  if (wrong) throw new Error(`The rung "${name}" computes wrong numbers, and was not timed: ${wrong}.`);
}

/** In words, the first value that is further off than it may be; undefined if none is. */
export function firstWrong(y: ArrayLike<number>, { values, bounds }: Expected): string | undefined {
  if (y.length !== values.length) return `${y.length} values instead of ${values.length}`;
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs(y[i]! - values[i]!);
    if (!(error <= bounds[i]!)) return `value ${i} is ${y[i]} instead of ${values[i]}`;
  }
  return undefined;
}
