import { TestRunner } from "vitest";
import type { Device } from "../device/device.ts";
import type { TunedKernels } from "../kernels/autotune/tuned-kernels.ts";
import { needsSubgroups } from "../kernels/linear.ts";

/** Ends the running test as skipped where the adapter lacks the feature that it needs: it is counted as not run. */
export function skipWithoutSubgroups(device: Pick<Device, "features">): void {
  if (device.features.has("subgroups")) return;
  TestRunner.getCurrentTest()?.context.skip("this adapter has no subgroups");
}

/** Whether one of these variants needs the feature "subgroups". */
export const choiceNeedsSubgroups = ({ one, few, many, attention }: TunedKernels): boolean =>
  [one, few, many].some(needsSubgroups) || attention === "quad";
