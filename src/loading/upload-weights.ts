import type { Device } from "../device/device.ts";
import { NextTokenError } from "../errors.ts";
import type { Precision } from "../kernels/weight-format.ts";
import { destroyTensors, type WeightTensors } from "../pass/weight-tensors.ts";
import { sizeOf } from "../weights/parameters.ts";
import type { WeightChunk, WeightSource } from "../weights/weight-source.ts";
import { allocateTensors, bytesOf, checkRoom, placement } from "./allocate-tensors.ts";
import { noteLoad } from "./last-load.ts";
import { WeightPacker } from "./weight-packer.ts";

/** After so many bytes the upload waits for the GPU, so that the browser's own copies do not accumulate. */
const BYTES_IN_FLIGHT = 32 * 1024 * 1024;

export interface UploadOptions {
  precision?: Precision | undefined;
  onBytes?: ((loaded: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Uploads every tensor of `source`, chunk by chunk. `onBytes` gets the number of bytes submitted so far. */
export async function uploadWeights(
  device: Device,
  source: WeightSource,
  { precision = "f32", onBytes, signal }: UploadOptions = {},
): Promise<WeightTensors> {
  checkRoom(device, source, precision);
  const ended = device.adapter.kind === "cpu" ? noteLoad(bytesOf(source, precision)) : () => {};
  // All tensors at once, while the first chunk arrives, so that a GPU that is too small fails early.
  const allocating = allocateTensors(device, source, precision, signal);
  allocating.catch(() => {}); // thrown below
  let packer: WeightPacker | undefined;
  try {
    if (precision !== "f32") packer = await device.scoped(() => new WeightPacker(device));
    let loaded = 0;
    let awaited = 0;
    for await (const chunk of source.chunks(signal)) {
      const tensors = await allocating;
      device.check();
      await device.mutex.run(() => write(device, tensors, chunk, packer));
      loaded += chunk.data.byteLength;
      onBytes?.(loaded);
      if (loaded - awaited >= BYTES_IN_FLIGHT) {
        await device.finished();
        awaited = loaded;
      }
    }
    await device.finished();
    if (loaded !== source.totalBytes) {
      throw new NextTokenError(
        "gpu-error",
        `The weights ended after ${loaded} of ${source.totalBytes} bytes. Load the model again.`,
      );
    }
    return await allocating;
  } catch (error) {
    allocating.then(
      (tensors) => destroyTensors(device, tensors),
      () => {}, // nothing was allocated
    );
    throw error;
  } finally {
    ended();
    packer?.destroy();
  }
}

/** Writes a chunk into its tensor, split where the tensor's parts are. */
async function write(
  device: Device,
  tensors: WeightTensors,
  { name, shape, offset, data }: WeightChunk,
  packer: WeightPacker | undefined,
): Promise<void> {
  const { tensor, index } = placement(name);
  const { parts, rowLength, format } = tensors.get(tensor)!;
  let first = index * sizeOf(shape) + offset; // in values of the whole tensor
  let remaining: Float32Array<ArrayBuffer> = data;
  for (const part of parts) {
    const partFirst = part.firstRow * rowLength;
    const partEnd = partFirst + part.rows * rowLength;
    if (first >= partEnd || remaining.length === 0) continue;
    const piece = remaining.subarray(0, Math.min(remaining.length, partEnd - first));
    if (format === "f16" || format === "int8")
      await packer!.pack(format, piece, part.buffer, first - partFirst);
    else device.write(part.buffer, (first - partFirst) * 4, piece);
    first += piece.length;
    remaining = remaining.subarray(piece.length);
  }
}
