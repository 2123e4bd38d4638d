import { Gpu } from "../gpu/gpu.ts";
import { openGpu } from "../gpu/open-gpu.ts";

type Limits = Partial<Record<keyof GPUSupportedLimits, number>>;

/** WebGPU's default limits that we ask to be raised: what an adapter offers that offers no more than it must. */
export const DEFAULT_LIMITS = {
  maxStorageBufferBindingSize: 134_217_728,
  maxBufferSize: 268_435_456,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
} satisfies Limits;

/** `object`, but for the properties of `other`. */
function except<T extends object>(object: T, other: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(object, {
    get(target, name) {
      if (Object.hasOwn(other, name)) return other[name as keyof T];
      const value: unknown = Reflect.get(target, name, target); // WebGPU's getters and methods accept no proxy
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** `adapter`, as if it offered the default limits and no feature. The device that it gives has no more either. */
export function modestAdapter(adapter: GPUAdapter): GPUAdapter {
  const limits = except(adapter.limits, DEFAULT_LIMITS);
  return except(adapter, { limits, features: new Set<string>() });
}

/** A device that says it can bind only `bytes` bytes, so that small tensors are split as large ones are. */
export async function narrowDevice(bytes: number): Promise<Gpu> {
  const { webgpu, adapter } = await openGpu();
  return new NarrowGpu(webgpu, adapter, bytes);
}

class NarrowGpu extends Gpu {
  readonly #bytes: number;

  constructor(device: GPUDevice, adapter: Gpu["adapter"], bytes: number) {
    super(device, adapter);
    this.#bytes = bytes;
  }

  override get limits(): GPUSupportedLimits {
    return except(super.limits, { maxStorageBufferBindingSize: this.#bytes });
  }
}
