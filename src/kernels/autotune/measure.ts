import { timeRecording } from "../../gpu/dispatch-timer.ts";
import type { Engine } from "../../gpu/engine.ts";
import { Recording } from "../../gpu/recording.ts";
import { race, type TuneResult } from "./race.ts";
import { candidates, preferredOf, type TuningTask } from "./tuning-tasks.ts";

/** Compiles what a task of these variants needs, side by side; a variant that is alone needs no task. */
export async function compile<S extends string>(
  { pipelines }: Engine,
  task: TuningTask<S>,
  variants: readonly S[],
): Promise<void> {
  if (variants.length === 1) return;
  const dispatches = variants.map((variant) => task.dispatch(variant));
  await Promise.all(
    dispatches.map(({ kernel, constants, dims }) => pipelines.compile(kernel, constants, dims)),
  );
}

/** Lets the variants of a task do its work against the clock. */
export async function fastest<S extends string>(
  engine: Engine,
  task: TuningTask<S>,
  barriers?: boolean,
): Promise<TuneResult<S>> {
  const { gpu, pipelines } = engine;
  const variants = candidates(engine, task, barriers);
  if (variants.length === 1) return { variant: variants[0]!, pruned: [] };
  const create = () =>
    Object.fromEntries(
      Object.entries(task.bytes).map(([name, bytes]) => [name, gpu.createStorage(`task ${name}`, bytes)]),
    );
  const buffers = await gpu.scoped(create);
  const recordings = new Map(variants.map((variant) => [variant, new Recording("task", gpu, pipelines)]));
  try {
    for (const [variant, recording] of recordings) {
      const { kernel, dims, constants } = task.dispatch(variant);
      recording.add(kernel, buffers, dims, constants);
    }
    // Compiled side by side, and run one by one.
    await Promise.all([...recordings.values()].map((recording) => recording.prepare()));
    await gpu.finished();
    const time = async (variant: S, times: number) =>
      times * (await timeRecording(gpu, recordings.get(variant)!, times));
    return await race(variants, time, { preferred: preferredOf(engine, task) });
  } finally {
    for (const recording of recordings.values()) recording.destroy();
    for (const buffer of Object.values(buffers)) gpu.destroyBuffer(buffer);
  }
}
