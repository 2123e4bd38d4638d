import type { Gpu } from "../gpu/device.ts";
import { NextTokenError } from "../next-token-error.ts";
import { parameters } from "../weights/parameters.ts";
import type { WeightChunk, WeightSource } from "../weights/weight-source.ts";

/** Some whole rows of a tensor, in one buffer that one binding can hold. */
export interface TensorPart {
  readonly buffer: GPUBuffer;
  readonly firstRow: number;
  readonly rows: number;
}

/** A tensor on the GPU, f32 and row-major; in several parts where it is larger than the adapter's largest binding. */
export interface WeightTensor {
  readonly name: string;
  /** [rows, row length]; vectors have one row. */
  readonly rows: number;
  readonly rowLength: number;
  readonly parts: readonly TensorPart[];
}

export type WeightTensors = ReadonlyMap<string, WeightTensor>;

/** After so many bytes the upload waits for the GPU, so that the browser's own copies never pile up. */
const BYTES_IN_FLIGHT = 32 * 1024 * 1024;

/**
 * W_query, W_key and W_value are kept as one tensor, W_qkv, their rows one after the other: one product instead of
 * three. `index` says where each goes.
 */
const qkvIndex: Readonly<Record<string, number>> = { W_query: 0, W_key: 1, W_value: 2 };

function placement(name: string): { tensor: string; index: number } {
  const [, before, which, after] = /^(.*\.)(W_query|W_key|W_value)(\..*)$/.exec(name) ?? [];
  return which ? { tensor: `${before}W_qkv${after}`, index: qkvIndex[which]! } : { tensor: name, index: 0 };
}

/** Uploads every tensor of `source`, chunk by chunk. `onBytes` hears how many bytes are on their way to the GPU. */
export async function uploadWeights(
  gpu: Gpu,
  source: WeightSource,
  {
    onBytes,
    signal,
  }: { onBytes?: ((loaded: number) => void) | undefined; signal?: AbortSignal | undefined } = {},
): Promise<WeightTensors> {
  const tensors = await gpu.scoped(() => createTensors(gpu, source));
  try {
    let loaded = 0;
    let awaited = 0;
    for await (const chunk of source.chunks(signal)) {
      gpu.check();
      write(gpu, tensors, chunk);
      loaded += chunk.data.byteLength;
      onBytes?.(loaded);
      if (loaded - awaited >= BYTES_IN_FLIGHT) {
        await gpu.device.queue.onSubmittedWorkDone();
        awaited = loaded;
      }
    }
    await gpu.device.queue.onSubmittedWorkDone();
    gpu.check();
    if (loaded !== source.totalBytes) {
      throw new NextTokenError(
        "gpu-error",
        `The weights ended after ${loaded} of ${source.totalBytes} bytes. Load the model again.`,
      );
    }
    return tensors;
  } catch (error) {
    destroyTensors(gpu, tensors);
    throw error;
  }
}

export function destroyTensors(gpu: Gpu, tensors: WeightTensors): void {
  for (const { parts } of tensors.values()) for (const { buffer } of parts) gpu.destroyBuffer(buffer);
}

function createTensors(gpu: Gpu, { config }: WeightSource): Map<string, WeightTensor> {
  const shapes = new Map<string, { rows: number; rowLength: number }>();
  for (const { name, shape } of parameters(config)) {
    const { tensor } = placement(name);
    const known = shapes.get(tensor);
    // Vectors are one row; the three parts of W_qkv.bias make one row of three times the length.
    const [rows, rowLength] = shape.length === 2 ? [shape[0]!, shape[1]!] : [1, shape[0]!];
    if (!known) shapes.set(tensor, { rows, rowLength });
    else if (shape.length === 2) known.rows += rows;
    else known.rowLength += rowLength;
  }
  return new Map([...shapes].map(([name, shape]) => [name, createTensor(gpu, name, shape)]));
}

function createTensor(
  gpu: Gpu,
  name: string,
  { rows, rowLength }: { rows: number; rowLength: number },
): WeightTensor {
  const { maxStorageBufferBindingSize, maxBufferSize } = gpu.limits;
  const rowBytes = rowLength * 4;
  const rowsPerPart = Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / rowBytes);
  if (rowsPerPart < 1) {
    throw new NextTokenError(
      "limits-too-small",
      `One row of ${name} is ${rowBytes} bytes, more than this GPU can bind. Choose a smaller model.`,
    );
  }
  const parts: TensorPart[] = [];
  for (let firstRow = 0; firstRow < rows; firstRow += rowsPerPart) {
    const count = Math.min(rowsPerPart, rows - firstRow);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    parts.push({ buffer: gpu.createBuffer(name, count * rowBytes, usage), firstRow, rows: count });
  }
  return { name, rows, rowLength, parts };
}

/** Writes a chunk where it belongs, cut at the borders of parts. */
function write(gpu: Gpu, tensors: WeightTensors, { name, shape, offset, data }: WeightChunk): void {
  const { tensor, index } = placement(name);
  const { parts, rowLength } = tensors.get(tensor)!;
  const size = shape.reduce((product, dim) => product * dim, 1);
  let first = index * size + offset; // in values of the whole tensor
  let rest: Float32Array<ArrayBuffer> = data;
  for (const part of parts) {
    const partFirst = part.firstRow * rowLength;
    const partEnd = partFirst + part.rows * rowLength;
    if (first >= partEnd || rest.length === 0) continue;
    const count = Math.min(rest.length, partEnd - first);
    gpu.device.queue.writeBuffer(part.buffer, (first - partFirst) * 4, rest, 0, count);
    first += count;
    rest = rest.subarray(count);
  }
}
