import type { DeviceChoice } from "../config.ts";
import { sharedProcessor } from "../cpu/shared-processor.ts";
import type { Device } from "../device/device.ts";
import { NextTokenError, type NextTokenErrorCode } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { sharedGpu } from "../gpu/shared-gpu.ts";

/** A device, and why it is the processor where the GPU was wanted: the code of what is wrong with the GPU. */
export interface ChosenDevice {
  readonly device: Device;
  readonly insteadOfGpu?: NextTokenErrorCode;
}

/** With these the browser says that there is no GPU here to compute a model. */
const HAS_NONE: readonly NextTokenErrorCode[] = [
  "insecure-context",
  "no-webgpu",
  "no-adapter",
  "limits-too-small",
];

/** So often a GPU is taken away before the processor takes its place. */
const LOSSES = 2;

let losses = 0;
const watched = new WeakSet<Gpu>();
/** What the page's GPU did that no other attempt would mend. */
let distrusted: NextTokenError | undefined;

/**
 * The page's device: with "auto", the GPU wherever the browser gives one, and else the processor, which also takes the place
 * of a GPU that was lost twice or that `distrust` was told of.
 * @throws NextTokenError what opening the GPU throws, "no-webassembly"
 */
export async function sharedDevice(choice: DeviceChoice = "auto"): Promise<ChosenDevice> {
  if (choice === "cpu") return { device: await sharedProcessor() };
  if (choice === "auto" && distrusted) return inItsPlace(distrusted);
  try {
    const gpu = await sharedGpu();
    watch(gpu);
    return { device: gpu };
  } catch (error) {
    const hasNone = error instanceof NextTokenError && HAS_NONE.includes(error.code);
    if (choice === "gpu" || !hasNone) throw error;
    return inItsPlace(error);
  }
}

/** From now on the processor computes where nobody insists on the GPU. */
export function distrust(error: NextTokenError): void {
  distrusted = error;
}

/** For tests: forgets what happened to the page's GPU. */
export function trustAgain(): void {
  distrusted = undefined;
  losses = 0;
}

/** @throws NextTokenError "no-webassembly": nothing on this page can compute a model */
async function inItsPlace(failure: NextTokenError): Promise<ChosenDevice> {
  try {
    return { device: await sharedProcessor(), insteadOfGpu: failure.code };
  } catch (error) {
    if (!(error instanceof NextTokenError && error.code === "no-webassembly")) throw error;
    throw new NextTokenError("no-webassembly", `${failure.message} ${error.message}`, { cause: failure });
  }
}

function watch(gpu: Gpu): void {
  if (watched.has(gpu)) return;
  watched.add(gpu);
  void gpu.lost.then((failure) => {
    if (++losses >= LOSSES) distrust(failure);
  });
}
