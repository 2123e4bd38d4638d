import type { NextTokenError } from "../errors.ts";
import type { BufferAccounting } from "./buffer-accounting.ts";
import type { DeviceBuffer } from "./device-buffer.ts";
import type { Constants, Dims, Kernel } from "./kernel.ts";
import type { Mutex } from "./mutex.ts";
import type { ReadbackRing } from "./readback-ring.ts";
import type { Recording } from "./recording.ts";

/** What can compute a model: the GPU, through WebGPU, or the processor, through WebAssembly. */
export type DeviceKind = "gpu" | "cpu";

export interface AdapterDescription {
  /** As the driver calls it, for people. */
  readonly name: string;
  /** A software adapter is a GPU that the processor pretends to be: everything works, slowly. */
  readonly isSoftware: boolean;
  /** Whether it says what it is, and that is no software. */
  readonly isCard: boolean;
  readonly kind: DeviceKind;
}

/** What a device can do at most. */
export interface DeviceLimits {
  /** Bytes of a buffer that a kernel can read or write. */
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  /** Bytes of all buffers together; undefined where only allocating them tells. */
  readonly memoryBytes?: number;
  /** Buffers of one kernel. */
  readonly maxStorageBuffersPerShaderStage: number;
}

/**
 * Something that computes: memory, and kernels that are recorded once and run many times. Whatever is written, run and read
 * happens in the order of the calls. There are two: `Gpu` and `Processor`.
 */
export interface Device {
  readonly adapter: AdapterDescription;
  readonly limits: DeviceLimits;
  /** Features of WebGPU. */
  readonly features: ReadonlySet<string>;
  readonly accounting: BufferAccounting;
  /** For work that keeps the device busy while a model is loaded: allocating, writing weights, measuring. */
  readonly mutex: Mutex;
  /** Resolves, never rejects, once the device is gone. */
  readonly lost: Promise<NextTokenError>;
  /** Whether `check` throws, because the device is lost or reported an error. It stays true. */
  readonly hasFailed: boolean;
  /** Throws the first error that the device reported outside of `scoped`. Call it before using a result. */
  check(): void;
  /**
   * Runs `create`, so that an error of the device is thrown here and does not go unnoticed. Where it fails, the buffers that
   * it created before its first await are destroyed.
   */
  scoped<T>(create: () => T | Promise<T>): Promise<T>;
  /** Makes it ready to run a kernel, which `Recording.prepare` does for what is not ready then. */
  compile(kernel: Kernel, constants: Constants, dims: Dims<string>): Promise<unknown>;
  /**
   * A buffer that kernels read and write.
   * @throws NextTokenError "limits-too-small" where it is more than a kernel can bind
   */
  createStorage(label: string, bytes: number): DeviceBuffer;
  destroyBuffer(buffer: DeviceBuffer): void;
  /** Applies to what is run afterwards. `data` may be reused when this returns. */
  write(buffer: DeviceBuffer, byteOffset: number, data: ArrayBufferView<ArrayBuffer>): void;
  /** `bytes` of a buffer, by default all, once everything before has run. The token loop uses a `ReadbackRing`. */
  read(buffer: DeviceBuffer, bytes?: number, byteOffset?: number): Promise<ArrayBuffer>;
  createRecording(label: string): Recording;
  /** So many places, of so many bytes each, for results that come back while the next step computes. */
  createReadbackRing(label: string, bytes: number, slots: number): ReadbackRing;
  /**
   * Resolves when it pays to run more of a long work: at once on a graphics card, which takes whatever comes, and elsewhere
   * once what was run is done, because that can no longer be stopped.
   */
  readyForMore(): Promise<void>;
  /** Resolves when everything that was run is done. Throws as `check` does. */
  finished(): Promise<void>;
  destroy(): void;
}
