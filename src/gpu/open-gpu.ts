import type { AdapterDescription } from "../device/device.ts";
import { insecureContext, NextTokenError, noWebGpu } from "../errors.ts";
import { Gpu } from "./gpu.ts";

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

/** How long a browser takes to restart a GPU process that died, in milliseconds; until then there is no adapter. */
const RESTART_MS = 500;

const optionalFeatures: readonly GPUFeatureName[] = ["timestamp-query", "subgroups"];

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
  const isSoftware = info.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(parts.join(" "));
  const isCard = !isSoftware && (info.vendor !== "" || info.architecture !== "");
  return { kind: "gpu", name, isSoftware, isCard };
}
