import { BufferAccounting } from "../device/buffer-accounting.ts";
import type { AdapterDescription } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import { Mutex } from "../device/mutex.ts";
import { NextTokenError } from "../errors.ts";
import { Answers } from "./answers.ts";

/** How long after a rejected promise a browser may take to report that the device is lost, in milliseconds. */
const LOSS_MS = 1000;

/** A GPUDevice with its buffer accounting, its errors and its loss. */
export class GpuContext {
  readonly webgpu: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly accounting = new BufferAccounting();
  readonly mutex = new Mutex();
  /** Whatever waits for the GPU waits through this. */
  readonly answers: Answers;
  readonly lost: Promise<NextTokenError>;
  #failure: NextTokenError | undefined;
  /** Where the scope that is open, if one is, lists what it creates. */
  #creating: DeviceBuffer[] | undefined;

  constructor(device: GPUDevice, adapter: AdapterDescription) {
    this.webgpu = device;
    this.adapter = adapter;
    this.answers = new Answers(device);
    this.lost = device.lost.then(({ reason, message }) => {
      this.#failure = new NextTokenError(
        "device-lost",
        `The browser lost the GPU (${reason}${message ? `: ${message}` : ""}). Press Play to start again.`,
      );
      return this.#failure;
    });
    device.addEventListener("uncapturederror", (event) => {
      this.#failure ??= gpuError(event.error);
    });
  }

  get limits(): GPUSupportedLimits {
    return this.webgpu.limits;
  }

  get features(): ReadonlySet<string> {
    return this.webgpu.features;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** In error scopes. */
  async scoped<T>(create: () => T | Promise<T>): Promise<T> {
    this.check();
    const { webgpu: device } = this;
    const outer = this.#creating;
    const created: DeviceBuffer[] = [];
    this.#creating = created;
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("validation");
    device.pushErrorScope("internal");
    // Scopes are popped before the first await, because another task may push its own while this one waits.
    const result = new Promise<T>((resolve) => resolve(create()));
    const errors = [device.popErrorScope(), device.popErrorScope(), device.popErrorScope()];
    this.#creating = outer;
    result.catch(() => {}); // its reason is thrown below, unless a scope has an error
    try {
      const found = await Promise.all(errors).catch(() => this.lost.then((error) => Promise.reject(error)));
      const error = found.find((e) => e !== null);
      if (error) throw gpuError(error);
      return await result;
    } catch (reason) {
      for (const buffer of created) this.destroyBuffer(buffer);
      throw await this.explain(reason);
    }
  }

  async finished(): Promise<void> {
    try {
      await this.answers.wait(this.webgpu.queue.onSubmittedWorkDone());
    } catch (reason) {
      throw await this.explain(reason);
    }
    this.check();
  }

  /**
   * Why WebGPU rejected a promise: the loss of the device, if there was one, otherwise `reason`. When the GPU's process
   * dies, browsers reject the pending promises first and report the loss a moment later.
   */
  async explain(reason: unknown): Promise<unknown> {
    if (!(reason instanceof DOMException)) return reason;
    if (this.#failure) return this.#failure;
    // A pipeline compiled in the background reports what is wrong by its promise, not to the scopes.
    const isPipeline = reason instanceof GPUPipelineError;
    if (isPipeline && reason.reason === "validation") return gpuError(reason);
    const told = isPipeline ? gpuError(reason) : reason;
    return Promise.race([this.lost, new Promise((resolve) => setTimeout(resolve, LOSS_MS, told))]);
  }

  /** A labelled buffer, entered in the accounting. Wrap in `scoped` when the size is not small. */
  createBuffer(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.webgpu.createBuffer({ label, size: Math.max(4, Math.ceil(bytes / 4) * 4), usage });
    this.accounting.add(buffer);
    this.#creating?.push(buffer);
    return buffer;
  }

  /** It can be copied to and from, too. */
  createStorage(label: string, bytes: number): GPUBuffer {
    if (bytes > this.webgpu.limits.maxStorageBufferBindingSize) {
      throw new NextTokenError(
        "limits-too-small",
        `${label} needs ${bytes} bytes in one piece, more than this GPU can bind. Use fewer rows, or shorter ones.`,
      );
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.createBuffer(label, bytes, usage);
  }

  destroyBuffer(buffer: DeviceBuffer): void {
    this.accounting.remove(buffer);
    (buffer as GPUBuffer).destroy();
  }

  write(buffer: DeviceBuffer, byteOffset: number, data: ArrayBufferView<ArrayBuffer>): void {
    this.webgpu.queue.writeBuffer(buffer as GPUBuffer, byteOffset, data);
  }

  destroy(): void {
    this.webgpu.destroy();
  }
}

function gpuError(error: GPUError | GPUPipelineError): NextTokenError {
  return error instanceof GPUOutOfMemoryError
    ? new NextTokenError(
        "out-of-memory",
        "The GPU has no memory left for this model. Close other tabs or choose a smaller model.",
      )
    : new NextTokenError(
        "gpu-error",
        `The GPU refused a command: ${error.message} Reload the page; if it happens again, please report it.`,
      );
}
