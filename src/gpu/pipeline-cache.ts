import { type Constants, type Dims, declaredBindings, type Kernel, sourceFor } from "../device/kernel.ts";
import type { GpuContext } from "./gpu-context.ts";

/** A kernel made ready on one device. */
export interface Compiled {
  layout: GPUBindGroupLayout;
  pipeline: GPUComputePipeline;
}

/** The pipelines of one device, each compiled once for every set of constants and fixed dims. */
export class PipelineCache {
  readonly #gpu: GpuContext;
  readonly #compiled = new Map<string, Compiled>();
  readonly #pending = new Map<string, Promise<Compiled>>();

  constructor(gpu: GpuContext) {
    this.#gpu = gpu;
  }

  static key({ label, fixed = [] }: Kernel, constants: Constants, dims: Dims<string> = {}): string {
    return `${label} ${JSON.stringify(constants)} ${fixed.map((name) => dims[name])}`;
  }

  /** Undefined until `compile` has finished. */
  get(key: string): Compiled | undefined {
    return this.#compiled.get(key);
  }

  compile(kernel: Kernel, constants: Constants, dims: Dims<string> = {}): Promise<Compiled> {
    const key = PipelineCache.key(kernel, constants, dims);
    let pending = this.#pending.get(key);
    if (!pending) {
      pending = this.#compile(kernel, constants, dims, key).then((compiled) => {
        this.#compiled.set(key, compiled);
        return compiled;
      });
      pending.catch(() => this.#pending.delete(key)); // a failed compilation may be tried again
      this.#pending.set(key, pending);
    }
    return pending;
  }

  #compile(kernel: Kernel, constants: Constants, dims: Dims<string>, label: string): Promise<Compiled> {
    const { webgpu: device } = this.#gpu;
    const code = sourceFor(kernel, dims);
    return this.#gpu.scoped(async () => {
      const entries = declaredBindings(kernel.wgsl).map(({ index, type }) => ({
        binding: index,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type, hasDynamicOffset: type === "uniform" },
      }));
      const layout = device.createBindGroupLayout({ label, entries });
      const pipeline = await device.createComputePipelineAsync({
        label,
        layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
        compute: { module: device.createShaderModule({ label, code }), constants: { ...constants } },
      });
      return { layout, pipeline };
    });
  }
}
