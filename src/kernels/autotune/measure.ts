import type { Device } from "../../device/device.ts";
import { NextTokenError } from "../../errors.ts";
import { race, type TuneResult } from "./race.ts";
import { candidates, preferredOf, type TuningTask } from "./tuning-tasks.ts";
import { Workload } from "./workload.ts";

/** Compiles what a task of these variants needs, side by side; a variant that is alone needs no task. */
export async function compile<S extends string>(
  device: Device,
  task: TuningTask<S>,
  variants: readonly S[],
): Promise<void> {
  if (variants.length === 1) return;
  const dispatches = variants.map((variant) => task.dispatch(variant));
  await Promise.all(dispatches.map(({ kernel, constants, dims }) => device.compile(kernel, constants, dims)));
}

/** Lets the variants of a task do its work against the clock. */
export async function fastest<S extends string>(
  device: Device,
  task: TuningTask<S>,
  barriers?: boolean,
): Promise<TuneResult<S>> {
  const variants = candidates(device, task, barriers);
  if (variants.length === 1) return { variant: variants[0]!, pruned: [] };
  const opened: Workload<S>[] = [];
  const open = async (variants: readonly S[], copies: number) => {
    const workload = await Workload.open(device, task, variants, copies);
    opened.push(workload);
    return workload.time;
  };
  try {
    const { copies } = task;
    return await race(variants, await open(variants, 1), {
      preferred: preferredOf(device, task),
      beyondCache: copies ? { times: copies, open: (left) => open(left, copies).catch(ifNoRoom) } : undefined,
    });
  } finally {
    for (const workload of opened) workload.destroy();
  }
}

/** Takes the place of a workload for which the GPU has no memory; any other error is thrown on. */
function ifNoRoom(error: unknown): undefined {
  if (!(error instanceof NextTokenError && error.code === "out-of-memory")) throw error;
}
