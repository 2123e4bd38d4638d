import type { Gpu } from "../gpu/device.ts";
import type { Engine } from "../gpu/engine.ts";
import { Recording } from "../gpu/recording.ts";
import { contestants, type Trial } from "./trials.ts";

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

/** The fastest shape of a trial, and those that were hopeless. */
export async function fastest<S extends string>(
  engine: Engine,
  trial: Trial<S>,
  barriers?: boolean,
): Promise<{ shape: S; hopeless: S[] }> {
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

/** How long each shape takes for a size, the shortest first. */
async function run<S extends string>(
  { gpu, pipelines }: Engine,
  trial: Trial<S>,
  shapes: readonly S[],
  size: number,
): Promise<{ shape: S; ms: number }[]> {
  const create = () =>
    Object.fromEntries(
      Object.entries(trial.bytes).map(([name, bytes]) => [name, gpu.createStorage(`trial ${name}`, bytes)]),
    );
  const buffers = await gpu.scoped(create);
  const runs = shapes.map((shape) => ({ shape, recording: new Recording("trial", gpu, pipelines) }));
  try {
    for (const { shape, recording } of runs) {
      const { kernel, dims, constants, times } = trial.dispatch(shape, size);
      for (let i = 0; i < times; i++) recording.add(kernel, buffers, dims, constants);
    }
    await Promise.all(runs.map(({ recording }) => recording.prepare())); // compiled side by side, and run one by one
    await gpu.finished();
    return await shortestFirst(gpu, runs);
  } finally {
    for (const { recording } of runs) recording.destroy();
    for (const buffer of Object.values(buffers)) gpu.destroyBuffer(buffer);
  }
}

/**
 * The best of some rounds in which the shapes take turns, so that a machine that slows down does so for all of them. Who was
 * hopeless in one round is not in the next.
 */
async function shortestFirst<S>(gpu: Gpu, runs: readonly { shape: S; recording: Recording }[]) {
  const times = runs.map((run) => ({ ...run, ms: Number.POSITIVE_INFINITY }));
  for (let round = 0; round <= ROUNDS; round++) {
    const best = Math.min(...times.map(({ ms }) => ms));
    for (const entry of times.filter(({ ms }) => ms <= HOPELESS * best)) {
      const ms = await time(gpu, entry.recording);
      if (round > 0) entry.ms = Math.min(entry.ms, ms); // the first may compile, and does not count
    }
  }
  return times.sort((a, b) => a.ms - b.ms);
}

/** How long a run takes, until the queue is empty. */
async function time(gpu: Gpu, recording: Recording): Promise<number> {
  const encoder = gpu.device.createCommandEncoder({ label: recording.label });
  const pass = encoder.beginComputePass({ label: recording.label });
  recording.encode(pass);
  pass.end();
  const start = performance.now();
  gpu.device.queue.submit([encoder.finish()]);
  await gpu.finished();
  return performance.now() - start;
}
