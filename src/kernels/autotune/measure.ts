import { timeRecording } from "../../gpu/dispatch-timer.ts";
import type { Engine } from "../../gpu/engine.ts";
import { Recording } from "../../gpu/recording.ts";
import { contestants, type Trial } from "./tuning-tasks.ts";

const ROUNDS = 3;
const HOPELESS = 3; // times slower than the best
/** Once a run takes this long, it tells enough. */
const ENOUGH_MS = 2;

/** Compiles what a trial of these shapes needs, side by side; a shape that is alone needs no trial. */
export async function compile<S extends string>(
  { pipelines }: Engine,
  trial: Trial<S>,
  shapes: readonly S[],
): Promise<void> {
  if (shapes.length === 1) return;
  const dispatches = shapes.map((shape) => trial.dispatch(shape, trial.sizes[0]!));
  await Promise.all(
    dispatches.map(({ kernel, constants, dims }) => pipelines.compile(kernel, constants, dims)),
  );
}

/** Which shape won a trial, and which were hopeless. */
export interface Verdict<S extends string> {
  shape: S;
  hopeless: S[];
}

/** Lets the shapes of a trial do its work against the clock. */
export async function fastest<S extends string>(
  engine: Engine,
  trial: Trial<S>,
  barriers?: boolean,
): Promise<Verdict<S>> {
  const tried = contestants(engine, trial, barriers);
  let left = tried;
  for (const size of trial.sizes) {
    if (left.length === 1) break;
    const times = await run(engine, trial, left, size);
    left = times.filter(({ ms }) => ms <= HOPELESS * times[0]!.ms).map(({ shape }) => shape);
    if (times[0]!.ms >= ENOUGH_MS) break;
  }
  return { shape: left[0]!, hopeless: tried.filter((shape) => !left.includes(shape)) };
}

interface Timed<S extends string> {
  shape: S;
  ms: number;
}

/** How long each shape takes for a size, the shortest first. */
async function run<S extends string>(
  { gpu, pipelines }: Engine,
  trial: Trial<S>,
  shapes: readonly S[],
  size: number,
): Promise<Timed<S>[]> {
  const create = () =>
    Object.fromEntries(
      Object.entries(trial.bytes).map(([name, bytes]) => [name, gpu.createStorage(`trial ${name}`, bytes)]),
    );
  const buffers = await gpu.scoped(create);
  const recordings = new Map(shapes.map((shape) => [shape, new Recording("trial", gpu, pipelines)]));
  try {
    for (const [shape, recording] of recordings) {
      const { kernel, dims, constants, times } = trial.dispatch(shape, size);
      for (let i = 0; i < times; i++) recording.add(kernel, buffers, dims, constants);
    }
    // Compiled side by side, and run one by one.
    await Promise.all([...recordings.values()].map((recording) => recording.prepare()));
    await gpu.finished();
    return await race(shapes, (shape) => timeRecording(gpu, recordings.get(shape)!, 1));
  } finally {
    for (const recording of recordings.values()) recording.destroy();
    for (const buffer of Object.values(buffers)) gpu.destroyBuffer(buffer);
  }
}

/**
 * The best of some rounds in which the shapes take turns, so that a machine that slows down does so for all of them; the
 * shortest first. What was hopeless in one round is not timed in the next.
 */
export async function race<S extends string>(
  shapes: readonly S[],
  time: (shape: S) => Promise<number>,
): Promise<Timed<S>[]> {
  const times = shapes.map((shape) => ({ shape, ms: Number.POSITIVE_INFINITY }));
  for (let round = 0; round <= ROUNDS; round++) {
    const best = Math.min(...times.map(({ ms }) => ms));
    for (const entry of times.filter(({ ms }) => ms <= HOPELESS * best)) {
      const ms = await time(entry.shape);
      if (round > 0) entry.ms = Math.min(entry.ms, ms); // the first may compile, and does not count
    }
  }
  return times.sort((a, b) => a.ms - b.ms);
}
