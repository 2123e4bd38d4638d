import { insecureContext, NextTokenError, noWebGpu } from "../errors.ts";
import { Answers } from "./answers.ts";
import { BufferAccounting } from "./buffer-accounting.ts";
import { Mutex } from "./mutex.ts";

/**
 * Limits that are asked for at the adapter's best: weights are large, and a larger binding means fewer parts; the
 * kernels that do most at once bind nine buffers.
 */
const wantedLimits = [
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxStorageBuffersPerShaderStage",
] as const;

/** What our kernels need at least: the WebGPU default of each, so every conforming adapter has it. */
const requiredLimits = {
  maxStorageBuffersPerShaderStage: 8,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16384,
} as const;

/** How long after a rejected promise a browser may take to report that the device is lost, in milliseconds. */
const LOSS_MS = 1000;

/** How long a browser takes to restart a GPU process that died, in milliseconds; until then there is no adapter. */
const RESTART_MS = 500;

const optionalFeatures: readonly GPUFeatureName[] = ["timestamp-query", "subgroups"];

export interface AdapterDescription {
  /** As the driver calls it, for people. */
  name: string;
  /** A software adapter computes on the processor: everything works, slowly. */
  isSoftware: boolean;
}

/** A GPUDevice with its buffer accounting, its errors and its loss. */
export class Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly accounting = new BufferAccounting();
  /** For work that keeps the device busy while a model is loaded: allocating, writing weights, measuring. */
  readonly mutex = new Mutex();
  /** Whatever waits for the GPU waits through this. */
  readonly answers: Answers;
  /** Resolves, never rejects, once the device is gone. */
  readonly lost: Promise<NextTokenError>;
  #failure: NextTokenError | undefined;
  /** Where the scope that is open, if one is, lists what it creates. */
  #creating: GPUBuffer[] | undefined;

  constructor(device: GPUDevice, adapter: AdapterDescription) {
    this.device = device;
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
    return this.device.limits;
  }

  has(feature: GPUFeatureName): boolean {
    return this.device.features.has(feature);
  }

  /** Whether `check` throws, because the device is lost or WebGPU reported an error. It stays true. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Throws the first error that WebGPU reported outside of `scoped`. Call it before using a result. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Runs `create` in error scopes, so that an error of WebGPU is thrown here and does not go unnoticed. Where it fails, the
   * buffers that it created before its first await are destroyed.
   */
  async scoped<T>(create: () => T | Promise<T>): Promise<T> {
    this.check();
    const { device } = this;
    const outer = this.#creating;
    const created: GPUBuffer[] = [];
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

  /** Resolves when the GPU has done everything that was submitted. Throws as `check` does. */
  async finished(): Promise<void> {
    try {
      await this.answers.wait(this.device.queue.onSubmittedWorkDone());
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
    const buffer = this.device.createBuffer({ label, size: Math.max(4, Math.ceil(bytes / 4) * 4), usage });
    this.accounting.add(buffer);
    this.#creating?.push(buffer);
    return buffer;
  }

  /**
   * A buffer that kernels read and write, and that can be copied to and from.
   * @throws NextTokenError "limits-too-small" where it is more than a kernel can bind
   */
  createStorage(label: string, bytes: number): GPUBuffer {
    if (bytes > this.device.limits.maxStorageBufferBindingSize) {
      throw new NextTokenError(
        "limits-too-small",
        `${label} needs ${bytes} bytes in one piece, more than this GPU can bind. Use fewer rows, or shorter ones.`,
      );
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.createBuffer(label, bytes, usage);
  }

  destroyBuffer(buffer: GPUBuffer): void {
    this.accounting.remove(buffer);
    buffer.destroy();
  }

  destroy(): void {
    this.device.destroy();
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

/**
 * Opens the GPU. `provider` is `navigator.gpu`, or Dawn's in Node.
 * @throws NextTokenError "insecure-context", "no-webgpu", "no-adapter" (none is offered, or the one that is cannot be
 * opened), "limits-too-small", "device-lost" (it was offered, and then was gone)
 */
export async function openGpu(provider: GPU | undefined = globalThis.navigator?.gpu): Promise<Gpu> {
  if (globalThis.isSecureContext === false) throw insecureContext();
  if (!provider) throw noWebGpu();
  // An adapter may be stale, as when the GPU's process has died since: then a new one is requested. An adapter gives only
  // one device, even if that is lost from the start: so the last adapter is asked for no more than is needed.
  let refusal: Refusal | undefined;
  for (const wishes of [GENEROUS_FIRST, GENEROUS_FIRST, [modest]]) {
    const adapter = await requestAdapter(provider);
    if (!adapter) throw notOffered(refusal);
    try {
      return await requestGpu(adapter, wishes);
    } catch (reason) {
      if (!(reason instanceof Refusal)) throw reason;
      refusal = reason;
    }
  }
  throw refusal;
}

const notOffered = (before: Refusal | undefined): NextTokenError =>
  before
    ? new NextTokenError(
        "device-lost",
        `The browser lost the GPU while opening it (${before.said}). Press Play to start again.`,
        { cause: before },
      )
    : new NextTokenError(
        "no-adapter",
        "This browser has WebGPU but offers no GPU here. Turn on hardware acceleration in its settings, or update the graphics driver.",
      );

/** The adapter that the browser offers; asks once more after a moment where there is none. */
async function requestAdapter(provider: GPU): Promise<GPUAdapter | null> {
  const request = () => provider.requestAdapter({ powerPreference: "high-performance" });
  const atOnce = await request();
  if (atOnce) return atOnce;
  await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
  return request();
}

/** What to ask an adapter for. */
type Wish = (adapter: GPUAdapter) => GPUDeviceDescriptor;

/** No more than every adapter has: everything works with it, in more parts and more slowly. */
const modest: Wish = () => ({ label: "next-token", requiredFeatures: [], requiredLimits: {} });

/** The best limits that the adapter has, and those of the features that make the model fast that it offers. */
const generous: Wish = (adapter) => ({
  label: "next-token",
  requiredFeatures: optionalFeatures.filter((feature) => adapter.features.has(feature)),
  requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]])),
});

/** Some drivers refuse a limit or a feature that they offered. */
const GENEROUS_FIRST: readonly Wish[] = [generous, modest];

/**
 * Asks `adapter` for a device with the limits that the model needs, and checks them.
 * @param wishes one after the other
 * @throws NextTokenError "limits-too-small", or "no-adapter" where every wish was refused
 */
export async function requestGpu(
  adapter: GPUAdapter,
  wishes: readonly Wish[] = GENEROUS_FIRST,
): Promise<Gpu> {
  for (const [name, least] of Object.entries(requiredLimits)) {
    const offered = adapter.limits[name as keyof typeof requiredLimits];
    if (offered < least) {
      throw new NextTokenError(
        "limits-too-small",
        `This GPU offers ${name} ${offered}; ${least} are needed. Try another browser or computer.`,
      );
    }
  }
  let refusal: Refusal | undefined;
  for (const wish of wishes) {
    try {
      return new Gpu(await openDevice(adapter, wish(adapter)), describeAdapter(adapter));
    } catch (reason) {
      refusal = reason instanceof Refusal ? reason : new Refusal(reason);
      if (refusal.wasLost) break; // an adapter gives one device
    }
  }
  throw refusal;
}

/** @throws Refusal where the device is lost from the start, which is how WebGPU reports what a driver cannot do */
async function openDevice(adapter: GPUAdapter, asked: GPUDeviceDescriptor): Promise<GPUDevice> {
  const device = await adapter.requestDevice(asked);
  const atOnce = new Promise<undefined>((resolve) => setTimeout(resolve));
  const loss = await Promise.race([device.lost, atOnce]);
  if (loss) throw new Refusal(loss, true);
  return device;
}

/** A GPU that was offered and cannot be opened. */
class Refusal extends NextTokenError {
  /** In the browser's words. */
  readonly said: string;
  /** Whether there was a device, lost from the start. */
  readonly wasLost: boolean;

  constructor(cause: unknown, wasLost = false) {
    const said = String((cause as { message?: unknown } | null)?.message || "it gave no reason");
    super(
      "no-adapter",
      `The browser offers a GPU that its driver would not open (${said}). Restart the browser or update the graphics driver, or use another browser.`,
      { cause },
    );
    this.said = said;
    this.wasLost = wasLost;
  }
}

function describeAdapter({ info }: GPUAdapter): AdapterDescription {
  const parts = [info.description || info.device, info.vendor, info.architecture].filter(Boolean);
  const name = info.description ? info.description : parts.join(" ") || "unnamed GPU";
  return {
    name,
    isSoftware: info.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(parts.join(" ")),
  };
}
