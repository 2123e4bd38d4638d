import type { GPTConfig, Mask } from "../config.ts";
import type { Device } from "../device/device.ts";
import { tunedKernels } from "../kernels/autotune/autotune.ts";
import type { TunedKernels } from "../kernels/autotune/tuned-kernels.ts";
import { GPTModel } from "../model/gpt-model.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";

/** A network with all that running it needs. */
export interface Runnable {
  readonly device: Device;
  readonly config: Readonly<GPTConfig>;
  readonly network: GPTModel;
  readonly mask: Mask;
  /** The kernels that suit the adapter. */
  readonly kernels: TunedKernels;
  /** Throws when it can no longer be used. */
  check(): void;
}

/** A network for a self-test, on weights that the caller destroys. */
export function causalNetwork(device: Device, config: GPTConfig, tensors: WeightTensors): Runnable {
  return {
    device,
    config,
    network: new GPTModel(config, tensors),
    mask: "causal",
    kernels: tunedKernels(device),
    check: () => device.check(),
  };
}
