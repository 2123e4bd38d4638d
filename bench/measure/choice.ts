import { timeRecording } from "../../src/gpu/dispatch-timer.ts";
import type { Engine } from "../../src/gpu/engine.ts";
import { Recording } from "../../src/gpu/recording.ts";
import { candidates, type TuningTask, tuningTasks } from "../../src/kernels/autotune/tuning-tasks.ts";
import { PassTimer } from "./pass-timer.ts";
import type { TrialRow } from "./result.ts";
import { SAMPLES } from "./sampling.ts";

/** What takes longer is timed once. */
const PATIENCE_MS = 50;

/**
 * What the choice of kernels has to go by: each variant's work at each size, by the clock that `autotune` reads and by the
 * GPU's own, the best of five. `autotune` stops early and prunes; here all run.
 */
export async function timeTrials(engine: Engine): Promise<TrialRow[]> {
  const { one, few, many, attention } = tuningTasks;
  return [
    ...(await trialsOf(engine, "one", one)),
    ...(await trialsOf(engine, "few", few)),
    ...(await trialsOf(engine, "many", many)),
    ...(await trialsOf(engine, "attention", attention)),
  ];
}

async function trialsOf<S extends string>(
  engine: Engine,
  name: string,
  task: TuningTask<S>,
): Promise<TrialRow[]> {
  const { gpu, pipelines } = engine;
  const buffers = Object.fromEntries(
    Object.entries(task.bytes).map(([binding, bytes]) => [
      binding,
      gpu.createStorage(`trial ${binding}`, bytes),
    ]),
  );
  const timer = new PassTimer(gpu);
  const rows: TrialRow[] = [];
  try {
    for (const size of task.sizes) {
      for (const variant of candidates(engine, task)) {
        const { kernel, dims, constants, times } = task.dispatch(variant, size);
        const recording = new Recording("trial", gpu, pipelines);
        for (let i = 0; i < times; i++) recording.add(kernel, buffers, dims, constants);
        await recording.prepare();
        const row: TrialRow = { task: name, size, variant, wall_ms: Infinity, gpu_ms: Infinity };
        await timeRecording(gpu, recording, 1); // warms up
        for (let i = 0; i < SAMPLES && (i === 0 || row.wall_ms < PATIENCE_MS); i++) {
          row.wall_ms = Math.min(row.wall_ms, await timeRecording(gpu, recording, 1));
          row.gpu_ms = Math.min(row.gpu_ms, await timer.time((pass) => recording.encode(pass)));
        }
        recording.destroy();
        rows.push(row);
      }
    }
    return rows;
  } finally {
    timer.destroy();
    for (const buffer of Object.values(buffers)) gpu.destroyBuffer(buffer);
  }
}
