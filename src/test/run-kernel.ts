import { type Constants, type Dims, declaredBindings, type Kernel } from "../device/kernel.ts";
import { testGpu } from "./models.ts";
import { skipWithoutSubgroups } from "./subgroups.ts";

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
  const device = await testGpu();
  if (kernel.wgsl.startsWith("enable subgroups;")) skipWithoutSubgroups(device);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffers = new Map<Float32Array | Uint32Array, GPUBuffer>();
  for (const values of Object.values(data) as (Float32Array | Uint32Array)[]) {
    if (buffers.has(values)) continue;
    const buffer = device.createBuffer("test", values.byteLength, usage);
    device.write(buffer, 0, values as Float32Array<ArrayBuffer>);
    buffers.set(values, buffer);
  }
  const bound = Object.fromEntries(kernel.bindings.map((name) => [name, buffers.get(data[name])!])) as Record<
    B,
    GPUBuffer
  >;
  const recording = device.createRecording(kernel.label);
  try {
    await device.scoped(async () => {
      recording.add(kernel, bound, dims, constants);
      await recording.prepare();
    });
    await device.scoped(() => {
      const encoder = device.webgpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      recording.encode(pass);
      pass.end();
      device.webgpu.queue.submit([encoder.finish()]);
    });
    const outputs = declaredBindings(kernel.wgsl).filter(({ type }) => type === "storage");
    const entries = await Promise.all(
      kernel.bindings.map(async (name) => {
        const isOutput = outputs.some((output) => output.name === name);
        return [name, isOutput ? new Uint32Array(await device.read(bound[name])) : asWords(data[name])];
      }),
    );
    return Object.fromEntries(entries) as Record<B, Uint32Array>;
  } finally {
    recording.destroy();
    for (const buffer of buffers.values()) device.destroyBuffer(buffer);
  }
}

const asWords = ({ buffer, byteOffset, length }: Float32Array | Uint32Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length);

/** The words of a result as the f32 values that they are. */
export const asFloats = (words: Uint32Array): Float32Array =>
  new Float32Array(words.buffer as ArrayBuffer, words.byteOffset, words.length);
