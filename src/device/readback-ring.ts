import type { DeviceBuffer } from "./device-buffer.ts";
import type { Recording } from "./recording.ts";

/** The first bytes of a buffer. */
export interface ReadSource {
  readonly buffer: DeviceBuffer;
  readonly bytes: number;
}

/** Places for results that come back while the device goes on with the next step. */
export interface ReadbackRing {
  /**
   * Runs a recording from its dispatch number `first` on, and then reads `sources`, one after the other. Undefined, and
   * nothing runs, when every place is taken by a result that has not come back yet.
   */
  runAndRead(
    recording: Recording,
    first: number,
    sources: readonly ReadSource[],
  ): Promise<ArrayBuffer> | undefined;
  destroy(): void;
}
