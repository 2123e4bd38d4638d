import { type Gpu, openGpu } from "../gpu/device.ts";
import { type Constants, type Dims, declaredBindings, type Kernel, PipelineCache } from "../gpu/kernel.ts";
import { readBuffer } from "../gpu/readback.ts";
import { Recording } from "../gpu/recording.ts";
import { skipWithoutSubgroups } from "./subgroups.ts";

let opened: Promise<{ gpu: Gpu; pipelines: PipelineCache }> | undefined;

/** One device for all tests of a page. */
export function testGpu(): Promise<{ gpu: Gpu; pipelines: PipelineCache }> {
  opened ??= openGpu().then((gpu) => ({ gpu, pipelines: new PipelineCache(gpu) }));
  return opened;
}

/** Values for each binding: inputs as data, outputs as what they hold before (NaN bits, say). Two names may share one. */
export type BindingData<B extends string> = Readonly<Record<B, Float32Array | Uint32Array>>;

/**
 * Runs one dispatch of `kernel` and returns what every binding holds afterwards, as u32 words. What the shader only
 * reads is not read back: it is what was given, and may be 150 MB.
 */
export async function runKernel<B extends string, D extends string>(
  kernel: Kernel<B, D>,
  data: BindingData<B>,
  dims: Dims<D>,
  constants: Constants = {},
): Promise<Record<B, Uint32Array>> {
  const { gpu, pipelines } = await testGpu();
  if (kernel.wgsl.startsWith("enable subgroups;")) skipWithoutSubgroups(gpu);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffers = new Map<Float32Array | Uint32Array, GPUBuffer>();
  for (const values of Object.values(data) as (Float32Array | Uint32Array)[]) {
    if (buffers.has(values)) continue;
    const buffer = gpu.createBuffer("test", values.byteLength, usage);
    gpu.device.queue.writeBuffer(
      buffer,
      0,
      values.buffer as ArrayBuffer,
      values.byteOffset,
      values.byteLength,
    );
    buffers.set(values, buffer);
  }
  const bound = Object.fromEntries(kernel.bindings.map((name) => [name, buffers.get(data[name])!])) as Record<
    B,
    GPUBuffer
  >;
  const recording = new Recording(kernel.label, gpu, pipelines);
  try {
    await gpu.scoped(async () => {
      recording.add(kernel, bound, dims, constants);
      await recording.prepare();
    });
    await gpu.scoped(() => {
      const encoder = gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      recording.encode(pass);
      pass.end();
      gpu.device.queue.submit([encoder.finish()]);
    });
    const outputs = declaredBindings(kernel.wgsl).filter(({ type }) => type === "storage");
    const entries = await Promise.all(
      kernel.bindings.map(async (name) => {
        const isOutput = outputs.some((output) => output.name === name);
        return [name, isOutput ? new Uint32Array(await readBuffer(gpu, bound[name])) : asWords(data[name])];
      }),
    );
    return Object.fromEntries(entries) as Record<B, Uint32Array>;
  } finally {
    recording.destroy();
    for (const buffer of buffers.values()) gpu.destroyBuffer(buffer);
  }
}

const asWords = ({ buffer, byteOffset, length }: Float32Array | Uint32Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length);

/** The words of a result as the f32 values that they are. */
export const asFloats = (words: Uint32Array): Float32Array =>
  new Float32Array(words.buffer as ArrayBuffer, words.byteOffset, words.length);
