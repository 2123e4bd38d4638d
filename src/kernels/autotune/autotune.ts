import type { Device } from "../../device/device.ts";
import { forgetTuning, loadTuning, saveTuning } from "./kept-tuning.ts";
import { compile, fastest } from "./measure.ts";
import type { TuneResult } from "./race.ts";
import { SAFEST, saferThan, type TunedKernels } from "./tuned-kernels.ts";
import { candidates, isMatvec, type TuningTask, tuningTasks } from "./tuning-tasks.ts";

const choosing = new WeakMap<Device, Promise<TunedKernels>>();
const chosen = new WeakMap<Device, TunedKernels>();
/** Engines whose choice is new, so that it has to pass the self-test before it is kept. */
const untested = new WeakSet<Device>();

/** What `autotune` found for this device; before that, variants that every adapter can run. */
export const tunedKernels = (device: Device): TunedKernels => chosen.get(device) ?? SAFEST;

/**
 * The adapter's own choice: each variant does the same made-up work and the fastest is taken, because the order differs
 * by more than ten between adapters and no name tells it. Once for a device; `keepTuning` keeps it for the next visit.
 * What else keeps the device busy holds the mutex meanwhile (`Device.mutex`), or it would be measured too.
 */
export function autotune(device: Device): Promise<TunedKernels> {
  const known = choosing.get(device) ?? choose(device);
  choosing.set(device, known);
  known.catch(() => choosing.delete(device)); // whoever comes next may try again
  return known;
}

/** Measures anew, whatever was chosen or kept. Until it is done the old choice stands. */
export function autotuneAgain(device: Device): Promise<TunedKernels> {
  forgetTuning(device);
  choosing.delete(device);
  return autotune(device);
}

/** Keeps the choice in the browser's storage. Only what passed the self-test may be kept: it is asked once a visit. */
export function keepTuning(device: Device): void {
  if (untested.delete(device)) saveTuning(device, tunedKernels(device));
}

/** Takes the next safer variants in place of the chosen ones; false where there are none. */
export function takeSaferKernels(device: Device): boolean {
  const safer = saferThan(tunedKernels(device));
  if (!safer) return false;
  chosen.set(device, safer);
  untested.add(device);
  return true;
}

async function choose(device: Device): Promise<TunedKernels> {
  if (device.adapter.kind === "cpu") return SAFEST; // there, all variants have the same counterpart
  const kept = loadTuning(device);
  const choice = kept ?? withTiles(await measure(device));
  chosen.set(device, choice);
  if (!kept) untested.add(device);
  return choice;
}

/**
 * Where tiles in workgroup memory pay for products of many rows, they do for attention. It has no task of its own: on a software
 * adapter flash-decoding takes up to a second.
 */
export const withTiles = (choice: TunedKernels): TunedKernels =>
  choice.attention === "workgroup" && choice.many === "matmul" ? { ...choice, attention: "tile" } : choice;

async function measure(device: Device): Promise<TunedKernels> {
  // What is tried first goes to the compilers at once, because they take longer than the tasks, and so does what is tried where
  // compilers are slowest: on software adapters.
  await Promise.all([
    compile(device, tuningTasks.attention, candidates(device, tuningTasks.attention)),
    compile(device, tuningTasks.few, candidates(device, tuningTasks.few, false)),
  ]);
  return device.mutex.run(() => pickVariants((task, barriers) => fastest(device, task, barriers)));
}

/** Which tuningTasks are held, and what follows from them; `fastest` holds one. */
export async function pickVariants(
  fastest: <S extends string>(task: TuningTask<S>, barriers?: boolean) => Promise<TuneResult<S>>,
): Promise<TunedKernels> {
  // Where a kernel with barriers was pruned, nothing else with barriers is worth compiling.
  const attention = await fastest(tuningTasks.attention);
  let barriers = !attention.pruned.some(tuningTasks.attention.usesBarriers);
  const one = await fastest(tuningTasks.one, barriers);
  barriers &&= !one.pruned.some(tuningTasks.one.usesBarriers);
  // Where a workgroup a few features is the fastest for one row, it is for a few, which wait for the same weights.
  const few = isMatvec(one.variant) ? one : await fastest(tuningTasks.few, barriers);
  // Four rows are all that a thread on its own shares: where a quad did those faster, more rows need not be tried.
  const quads = few.variant === "matmulQuad4Rows";
  const many = await fastest(quads ? tuningTasks.manyQuad : tuningTasks.many, barriers);
  return { one: one.variant, few: few.variant, many: many.variant, attention: attention.variant };
}
