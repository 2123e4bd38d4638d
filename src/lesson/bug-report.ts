import type { TunedKernels } from "../index.ts";
import { fileNameIn } from "./models/chosen-files.ts";
import type { SessionState, Settings } from "./session-state.ts";
import { whoComputes } from "./who-computes.ts";

/**
 * What a report of a fault needs and nobody knows by heart: browser, adapter, kernels, and how the page was set. It says
 * nothing that was typed, and of a model of one's own only that it is one.
 * @param browser as it calls itself
 * @param kernels undefined before a model is loaded
 */
export function bugReport(
  browser: string,
  { computing, failure }: Pick<SessionState, "computing" | "failure">,
  { model, device, mask, kvCache, contextSize }: Settings,
  kernels: TunedKernels | undefined,
): string {
  const chosen = kernels && Object.entries(kernels).map(([task, variant]) => `${task} ${variant}`);
  return [
    `Browser: ${browser}`,
    `Computes: ${computing ? whoComputes(computing) : "nothing yet"}`,
    `Kernels: ${chosen?.join(", ") ?? "not chosen yet"}`,
    `Model: ${withoutPlace(model)}`,
    `Settings: device ${device}, mask ${mask}, KV cache ${kvCache ? "on" : "off"}, context ${contextSize}`,
    ...(failure ? [`Failure: ${failure.code}`] : []),
  ].join("\n");
}

/** A model that others know by its name; any other is a file or an address, which are somebody's own. */
function withoutPlace(model: string): string {
  if (fileNameIn(model) !== undefined) return "a file";
  return /^[a-z][\w-]*(:\d+)?(#[\w.=&]+)?$/i.test(model) ? model : "an address";
}
