import type { Engine } from "../gpu/engine.ts";
import type { Constants, Dims, Kernel } from "../gpu/kernel.ts";
import { readBuffer } from "../gpu/readback.ts";
import { Recording } from "../gpu/recording.ts";
import { argmax as argmaxKernel } from "../kernels/argmax.ts";
import { softmax as softmaxKernel } from "../kernels/softmax.ts";
import type { Logits } from "../runtime/forward.ts";

/** torch.softmax(x, dim=-1): each of the rows of [B, T, vocab_size] becomes probabilities that add up to one. */
export async function softmax(engine: Engine, { shape, data }: Logits): Promise<Logits> {
  const [B, T, dim] = shape;
  const bytes = await run(engine, softmaxKernel, "x", data, "y", data.byteLength, { num_rows: B * T, dim });
  return { shape, data: new Float32Array(bytes) };
}

/** torch.argmax(x, dim=-1): for each row the index of its largest value, the first of equals. */
export async function argmax(engine: Engine, { shape, data }: Logits): Promise<number[]> {
  const [B, T, vocab_size] = shape;
  const bytes = await run(engine, argmaxKernel, "logits", data, "chosen", B * T * 4, {
    num_rows: B * T,
    vocab_size,
  });
  return [...new Uint32Array(bytes)];
}

/** One kernel from one array to another, as PyTorch runs an operation. */
async function run<I extends string, O extends string, D extends string>(
  { gpu, pipelines }: Engine,
  kernel: Kernel<I | O, D>,
  input: I,
  data: Float32Array,
  output: O,
  bytes: number,
  dims: Dims<D>,
  constants: Constants = {},
): Promise<ArrayBuffer> {
  const recording = new Recording(kernel.label, gpu, pipelines);
  const { from, to } = await gpu.scoped(() => ({
    from: gpu.createStorage(`${kernel.label} ${input}`, data.byteLength),
    to: gpu.createStorage(`${kernel.label} ${output}`, bytes),
  }));
  try {
    gpu.device.queue.writeBuffer(from, 0, data as Float32Array<ArrayBuffer>);
    recording.add(kernel, { [input]: from, [output]: to } as Record<I | O, GPUBuffer>, dims, constants);
    await recording.prepare();
    recording.run();
    return await readBuffer(gpu, to, bytes);
  } finally {
    recording.destroy();
    gpu.destroyBuffer(from);
    gpu.destroyBuffer(to);
  }
}
