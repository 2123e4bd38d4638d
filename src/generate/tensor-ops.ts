import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import type { Constants, Dims, Kernel } from "../device/kernel.ts";
import { argmax as argmaxKernel } from "../kernels/argmax.ts";
import { softmax as softmaxKernel } from "../kernels/softmax.ts";
import type { Logits } from "../runtime/forward.ts";

/** torch.softmax(x, dim=-1): each of the rows of [B, T, vocab_size] becomes probabilities that add up to one. */
export async function softmax(device: Device, { shape, data }: Logits): Promise<Logits> {
  const [B, T, dim] = shape;
  const bytes = await run(device, softmaxKernel, "x", data, "y", data.byteLength, { num_rows: B * T, dim });
  return { shape, data: new Float32Array(bytes) };
}

/** torch.argmax(x, dim=-1): for each row the index of its largest value, the first of equals. */
export async function argmax(device: Device, { shape, data }: Logits): Promise<number[]> {
  const [B, T, vocab_size] = shape;
  const bytes = await run(device, argmaxKernel, "logits", data, "chosen", B * T * 4, {
    num_rows: B * T,
    vocab_size,
  });
  return [...new Uint32Array(bytes)];
}

/** One kernel from one array to another, as PyTorch runs an operation. */
async function run<I extends string, O extends string, D extends string>(
  device: Device,
  kernel: Kernel<I | O, D>,
  input: I,
  data: Float32Array,
  output: O,
  bytes: number,
  dims: Dims<D>,
  constants: Constants = {},
): Promise<ArrayBuffer> {
  const recording = device.createRecording(kernel.label);
  const { from, to } = await device.scoped(() => ({
    from: device.createStorage(`${kernel.label} ${input}`, data.byteLength),
    to: device.createStorage(`${kernel.label} ${output}`, bytes),
  }));
  try {
    device.write(from, 0, data as Float32Array<ArrayBuffer>);
    recording.add(kernel, { [input]: from, [output]: to } as Record<I | O, DeviceBuffer>, dims, constants);
    await recording.prepare();
    recording.run();
    return await device.read(to, bytes);
  } finally {
    recording.destroy();
    device.destroyBuffer(from);
    device.destroyBuffer(to);
  }
}
