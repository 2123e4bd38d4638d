import type { DeviceBuffer } from "./device-buffer.ts";
import type { Constants, Dims, Kernel } from "./kernel.ts";

/** What one dispatch does: for profiling and for the page. */
export interface DispatchInfo {
  readonly kernel: Kernel;
  readonly constants: Constants;
  readonly dims: Readonly<Record<string, number>>;
  readonly buffers: Readonly<Record<string, DeviceBuffer>>;
  readonly workgroups: readonly [number, number, number];
}

/**
 * A list of dispatches that is written once and run many times, like a CUDA graph: the forward pass calls `add`, `prepare`
 * makes the device ready for what is new, and `run` replays the list. Replaying creates nothing. Clearing and recording
 * again creates nothing either, as long as the same kernels use the same buffers.
 */
export abstract class Recording {
  readonly label: string;
  #dispatches: DispatchInfo[] = [];

  constructor(label: string) {
    this.label = label;
  }

  get dispatches(): readonly DispatchInfo[] {
    return this.#dispatches;
  }

  add<B extends string, D extends string>(
    kernel: Kernel<B, D>,
    buffers: Readonly<Record<B, DeviceBuffer>>,
    dims: Dims<D>,
    constants: Constants = {},
  ): void {
    const [x, y = 1, z = 1] = kernel.workgroups(dims, constants);
    this.#dispatches.push({
      kernel: kernel as unknown as Kernel,
      constants,
      dims,
      buffers,
      workgroups: [x, y, z],
    });
  }

  /** Removes the dispatches, but not what was created for them. */
  clear(): void {
    this.#dispatches = [];
  }

  /** Makes everything ready that `run` needs. */
  abstract prepare(): Promise<void>;
  /** Runs all dispatches, or those from `first` up to `end`. */
  abstract run(first?: number, end?: number): void;
  /** Milliseconds of wall time, from submission to completion, that one run takes: the mean over `runs`. */
  abstract time(runs: number): Promise<number>;
  /**
   * Microseconds that each dispatch takes, by the device's own clock: the mean over `runs` of the whole recording. Undefined
   * where the device has no such clock, or too few places for so many dispatches.
   */
  abstract timeDispatches(runs: number): Promise<number[] | undefined>;
  abstract destroy(): void;
}
