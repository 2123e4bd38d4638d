import { declaredBindings, uniformDims } from "../device/kernel.ts";
import { type DispatchInfo, Recording } from "../device/recording.ts";
import { NextTokenError } from "../errors.ts";
import { timeDispatches, timeRecording } from "./dispatch-timer.ts";
import type { GpuContext } from "./gpu-context.ts";
import { type Compiled, PipelineCache } from "./pipeline-cache.ts";

/** Uniform buffers are bound at multiples of this many bytes (WebGPU's default limit). */
const DIMS_STRIDE = 256;

/** What a dispatch needs to be encoded. */
interface Prepared {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: DispatchInfo["workgroups"];
}

/** A recording whose dispatches are encoded into compute passes. */
export class GpuRecording extends Recording {
  readonly #gpu: GpuContext;
  readonly #pipelines: PipelineCache;
  #dims: GPUBuffer | undefined;
  #bindGroups = new Map<string, GPUBindGroup>();
  /** Undefined where something was added or removed since. */
  #prepared: readonly Prepared[] | undefined;

  constructor(label: string, gpu: GpuContext, pipelines: PipelineCache) {
    super(label);
    this.#gpu = gpu;
    this.#pipelines = pipelines;
  }

  /** Compiles what is not compiled, binds what is not bound, and uploads the dims. */
  async prepare(): Promise<void> {
    const pipelines = this.#pipelines;
    const dispatches = [...this.dispatches];
    const compiled = await Promise.all(
      dispatches.map(
        ({ kernel, constants, dims }) =>
          pipelines.get(PipelineCache.key(kernel, constants, dims)) ??
          pipelines.compile(kernel, constants, dims),
      ),
    );
    const needed = dispatches.length * DIMS_STRIDE;
    if (!this.#dims || this.#dims.size < needed) this.#growDims(needed);
    const words = new Uint32Array(needed / 4);
    this.#prepared = dispatches.map((dispatch, i) => {
      const values = uniformDims(dispatch.kernel).map((name) => dispatch.dims[name]!);
      words.set(values, (i * DIMS_STRIDE) / 4);
      return {
        pipeline: compiled[i]!.pipeline,
        bindGroup: this.#bind(dispatch, compiled[i]!),
        workgroups: dispatch.workgroups,
      };
    });
    if (needed > 0) this.#gpu.write(this.#dims!, 0, words);
  }

  /** Replays all dispatches, or those from `first` up to `end`, into a compute pass. */
  encode(pass: GPUComputePassEncoder, first = 0, end = this.dispatches.length): void {
    const prepared = this.#prepared;
    if (prepared?.length !== this.dispatches.length)
      throw new NextTokenError("gpu-error", `Recording ${this.label} was run before it was prepared.`);
    const offset = [0];
    for (let i = first; i < end; i++) {
      const { pipeline, bindGroup, workgroups } = prepared[i]!;
      offset[0] = i * DIMS_STRIDE;
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup, offset);
      pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
    }
  }

  /** Submits all dispatches, or those from `first` up to `end`, in one compute pass. */
  run(first?: number, end?: number): void {
    const encoder = this.encoder(first, end);
    this.#gpu.webgpu.queue.submit([encoder.finish()]);
  }

  /** All dispatches, or those from `first` up to `end`, encoded in one compute pass; more may be encoded behind it. */
  encoder(first?: number, end?: number): GPUCommandEncoder {
    const encoder = this.#gpu.webgpu.createCommandEncoder({ label: this.label });
    const pass = encoder.beginComputePass({ label: this.label });
    this.encode(pass, first, end);
    pass.end();
    return encoder;
  }

  time(runs: number): Promise<number> {
    return timeRecording(this.#gpu, this, runs);
  }

  timeDispatches(runs: number): Promise<number[] | undefined> {
    return timeDispatches(this.#gpu, this, runs);
  }

  destroy(): void {
    if (this.#dims) this.#gpu.destroyBuffer(this.#dims);
    this.#dims = undefined;
    this.#bindGroups.clear();
    this.clear();
  }

  override clear(): void {
    super.clear();
    this.#prepared = undefined;
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

  #bind({ kernel, constants, dims, buffers }: DispatchInfo, { layout }: Compiled): GPUBindGroup {
    const bound = kernel.bindings.map((name) => identity(buffers[name] as GPUBuffer));
    const key = `${PipelineCache.key(kernel, constants, dims)} ${bound.join()}`;
    let group = this.#bindGroups.get(key);
    if (!group) {
      const entries = declaredBindings(kernel.wgsl).map(({ name, index, type }) => ({
        binding: index,
        resource:
          type === "uniform"
            ? { buffer: this.#dims!, size: uniformDims(kernel).length * 4 }
            : { buffer: buffers[name] as GPUBuffer },
      }));
      group = this.#gpu.webgpu.createBindGroup({ label: kernel.label, layout, entries });
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
