import { NextTokenError } from "../errors.ts";
import type { Gpu } from "./device.ts";
import {
  type Compiled,
  type Constants,
  type Dims,
  declaredBindings,
  type Kernel,
  PipelineCache,
  uniformDims,
} from "./kernel.ts";

/** Uniform buffers are bound at multiples of this many bytes (WebGPU's default limit). */
const DIMS_STRIDE = 256;

/** What one dispatch does: for profiling and for the page. */
export interface DispatchInfo {
  readonly kernel: Kernel;
  readonly constants: Constants;
  readonly dims: Readonly<Record<string, number>>;
  readonly buffers: Readonly<Record<string, GPUBuffer>>;
  readonly workgroups: readonly [number, number, number];
}

interface Dispatch extends DispatchInfo {
  readonly pipelineKey: string;
  pipeline?: GPUComputePipeline;
  bindGroup?: GPUBindGroup;
}

/**
 * A list of dispatches that is written once and run many times, like a CUDA graph: the forward pass calls `add`, `prepare`
 * compiles what is new, and `encode` replays the list into a compute pass. Replaying creates nothing. Clearing and
 * recording again creates nothing either, as long as the same kernels use the same buffers.
 */
export class Recording {
  readonly label: string;
  readonly #gpu: Gpu;
  readonly #pipelines: PipelineCache;
  #dispatches: Dispatch[] = [];
  #dims: GPUBuffer | undefined;
  #bindGroups = new Map<string, GPUBindGroup>();
  #prepared = false;

  constructor(label: string, gpu: Gpu, pipelines: PipelineCache) {
    this.label = label;
    this.#gpu = gpu;
    this.#pipelines = pipelines;
  }

  get dispatches(): readonly DispatchInfo[] {
    return this.#dispatches;
  }

  add<B extends string, D extends string>(
    kernel: Kernel<B, D>,
    buffers: Readonly<Record<B, GPUBuffer>>,
    dims: Dims<D>,
    constants: Constants = {},
  ): void {
    const [x, y = 1, z = 1] = kernel.workgroups(dims, constants);
    this.#prepared = false;
    this.#dispatches.push({
      kernel: kernel as unknown as Kernel,
      constants,
      dims,
      buffers,
      workgroups: [x, y, z],
      pipelineKey: PipelineCache.key(kernel as unknown as Kernel, constants, dims),
    });
  }

  /** Removes the dispatches, but not the bind groups and the uniform buffer that were created for them. */
  clear(): void {
    this.#dispatches = [];
    this.#prepared = false;
  }

  /** Compiles what is not compiled, binds what is not bound, and uploads the dims. */
  async prepare(): Promise<void> {
    const dispatches = this.#dispatches;
    const missing = dispatches.filter(({ pipelineKey }) => !this.#pipelines.get(pipelineKey));
    await Promise.all(
      missing.map(({ kernel, constants, dims }) => this.#pipelines.compile(kernel, constants, dims)),
    );
    const needed = dispatches.length * DIMS_STRIDE;
    if (!this.#dims || this.#dims.size < needed) this.#growDims(needed);
    const words = new Uint32Array(needed / 4);
    for (const [i, dispatch] of dispatches.entries()) {
      const compiled = this.#pipelines.get(dispatch.pipelineKey)!;
      dispatch.pipeline = compiled.pipeline;
      dispatch.bindGroup = this.#bind(dispatch, compiled);
      words.set(
        uniformDims(dispatch.kernel).map((name) => dispatch.dims[name]!),
        (i * DIMS_STRIDE) / 4,
      );
    }
    if (needed > 0) this.#gpu.device.queue.writeBuffer(this.#dims!, 0, words);
    this.#prepared = true;
  }

  /** Replays all dispatches, or those from `first` up to `end`, into a compute pass. */
  encode(pass: GPUComputePassEncoder, first = 0, end = this.#dispatches.length): void {
    if (!this.#prepared)
      throw new NextTokenError("gpu-error", `Recording ${this.label} was run before it was prepared.`);
    const offset = [0];
    for (let i = first; i < end; i++) {
      const { pipeline, bindGroup, workgroups } = this.#dispatches[i]!;
      offset[0] = i * DIMS_STRIDE;
      pass.setPipeline(pipeline!);
      pass.setBindGroup(0, bindGroup!, offset);
      pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
    }
  }

  /** Submits all dispatches, or those from `first` up to `end`, in one compute pass. */
  run(first?: number, end?: number): void {
    const { device } = this.#gpu;
    const encoder = device.createCommandEncoder({ label: this.label });
    const pass = encoder.beginComputePass({ label: this.label });
    this.encode(pass, first, end);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  destroy(): void {
    if (this.#dims) this.#gpu.destroyBuffer(this.#dims);
    this.#dims = undefined;
    this.#bindGroups.clear();
    this.clear();
  }

  #growDims(bytes: number): void {
    if (this.#dims) this.#gpu.destroyBuffer(this.#dims);
    this.#bindGroups.clear(); // they hold the old buffer
    this.#dims = this.#gpu.createBuffer(
      `${this.label} dims`,
      bytes,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
  }

  #bind(dispatch: Dispatch, { layout }: Compiled): GPUBindGroup {
    const { kernel, buffers, pipelineKey } = dispatch;
    const key = `${pipelineKey} ${kernel.bindings.map((name) => identity(buffers[name]!)).join()}`;
    let group = this.#bindGroups.get(key);
    if (!group) {
      const entries = declaredBindings(kernel.wgsl).map(({ name, index, type }) => ({
        binding: index,
        resource:
          type === "uniform"
            ? { buffer: this.#dims!, size: uniformDims(kernel).length * 4 }
            : { buffer: buffers[name]! },
      }));
      group = this.#gpu.device.createBindGroup({ label: dispatch.kernel.label, layout, entries });
      this.#bindGroups.set(key, group);
    }
    return group;
  }
}

const identities = new WeakMap<GPUBuffer, number>();
let count = 0;

/** A number for a buffer, to tell bind groups apart. */
function identity(buffer: GPUBuffer): number {
  let id = identities.get(buffer);
  if (id === undefined) {
    id = ++count;
    identities.set(buffer, id);
  }
  return id;
}
