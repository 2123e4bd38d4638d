import { timeRecording } from "../../gpu/dispatch-timer.ts";
import type { Engine } from "../../gpu/engine.ts";
import { Recording } from "../../gpu/recording.ts";
import { candidates, type TuningTask } from "./tuning-tasks.ts";

const ROUNDS = 3;
const PRUNE_FACTOR = 3; // times slower than the best
/** Once a run takes this long, it tells enough. */
const ENOUGH_MS = 2;

/** Compiles what a task of these variants needs, side by side; a variant that is alone needs no task. */
export async function compile<S extends string>(
  { pipelines }: Engine,
  task: TuningTask<S>,
  variants: readonly S[],
): Promise<void> {
  if (variants.length === 1) return;
  const dispatches = variants.map((variant) => task.dispatch(variant, task.sizes[0]!));
  await Promise.all(
    dispatches.map(({ kernel, constants, dims }) => pipelines.compile(kernel, constants, dims)),
  );
}

/** Which variant won a task, and which were pruned. */
export interface TuneResult<S extends string> {
  variant: S;
  pruned: S[];
}

/** Lets the variants of a task do its work against the clock. */
export async function fastest<S extends string>(
  engine: Engine,
  task: TuningTask<S>,
  barriers?: boolean,
): Promise<TuneResult<S>> {
  const tried = candidates(engine, task, barriers);
  let left = tried;
  for (const size of task.sizes) {
    if (left.length === 1) break;
    const times = await run(engine, task, left, size);
    left = times.filter(({ ms }) => ms <= PRUNE_FACTOR * times[0]!.ms).map(({ variant }) => variant);
    if (times[0]!.ms >= ENOUGH_MS) break;
  }
  return { variant: left[0]!, pruned: tried.filter((variant) => !left.includes(variant)) };
}

interface Timed<S extends string> {
  variant: S;
  ms: number;
}

/** How long each variant takes for a size, the shortest first. */
async function run<S extends string>(
  { gpu, pipelines }: Engine,
  task: TuningTask<S>,
  variants: readonly S[],
  size: number,
): Promise<Timed<S>[]> {
  const create = () =>
    Object.fromEntries(
      Object.entries(task.bytes).map(([name, bytes]) => [name, gpu.createStorage(`task ${name}`, bytes)]),
    );
  const buffers = await gpu.scoped(create);
  const recordings = new Map(variants.map((variant) => [variant, new Recording("task", gpu, pipelines)]));
  try {
    for (const [variant, recording] of recordings) {
      const { kernel, dims, constants, times } = task.dispatch(variant, size);
      for (let i = 0; i < times; i++) recording.add(kernel, buffers, dims, constants);
    }
    // Compiled side by side, and run one by one.
    await Promise.all([...recordings.values()].map((recording) => recording.prepare()));
    await gpu.finished();
    return await bestOfRounds(variants, (variant) => timeRecording(gpu, recordings.get(variant)!, 1));
  } finally {
    for (const recording of recordings.values()) recording.destroy();
    for (const buffer of Object.values(buffers)) gpu.destroyBuffer(buffer);
  }
}

/**
 * The best of some rounds in which the variants take turns, so that a machine that slows down does so for all of them; the
 * shortest first. What was pruned in one round is not timed in the next.
 */
export async function bestOfRounds<S extends string>(
  variants: readonly S[],
  time: (variant: S) => Promise<number>,
): Promise<Timed<S>[]> {
  const times = variants.map((variant) => ({ variant, ms: Number.POSITIVE_INFINITY }));
  for (let round = 0; round <= ROUNDS; round++) {
    const best = Math.min(...times.map(({ ms }) => ms));
    for (const entry of times.filter(({ ms }) => ms <= PRUNE_FACTOR * best)) {
      const ms = await time(entry.variant);
      if (round > 0) entry.ms = Math.min(entry.ms, ms); // the first may compile, and does not count
    }
  }
  return times.sort((a, b) => a.ms - b.ms);
}
