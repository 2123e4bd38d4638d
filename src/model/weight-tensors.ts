import type { Gpu } from "../gpu/device.ts";
import type { Engine } from "../gpu/engine.ts";
import { bytesIn, formatOf, type Precision, type WeightFormat } from "../kernels/weight-format.ts";
import { NextTokenError } from "../next-token-error.ts";
import { parameters, sizeOf } from "../weights/parameters.ts";
import type { WeightChunk, WeightSource } from "../weights/weight-source.ts";
import { WeightPacker } from "./weight-packer.ts";

/** Some whole rows of a tensor, in one buffer that one binding can hold. */
export interface TensorPart {
  readonly buffer: GPUBuffer;
  readonly firstRow: number;
  readonly rows: number;
}

/** A tensor on the GPU, row-major; in several parts where it is larger than the adapter's largest binding. */
export interface WeightTensor {
  readonly name: string;
  readonly format: WeightFormat;
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

export interface UploadOptions {
  precision?: Precision | undefined;
  onBytes?: ((loaded: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Uploads every tensor of `source`, chunk by chunk. `onBytes` hears how many bytes are on their way to the GPU. */
export async function uploadWeights(
  engine: Engine,
  source: WeightSource,
  { precision = "f32", onBytes, signal }: UploadOptions = {},
): Promise<WeightTensors> {
  const { gpu } = engine;
  const tensors = await gpu.scoped(() => createTensors(gpu, source, precision));
  const packer = precision === "f32" ? undefined : await gpu.scoped(() => new WeightPacker(engine));
  try {
    let loaded = 0;
    let awaited = 0;
    for await (const chunk of source.chunks(signal)) {
      gpu.check();
      await write(gpu, tensors, chunk, packer);
      loaded += chunk.data.byteLength;
      onBytes?.(loaded);
      if (loaded - awaited >= BYTES_IN_FLIGHT) {
        await gpu.finished();
        awaited = loaded;
      }
    }
    await gpu.finished();
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
  } finally {
    packer?.destroy();
  }
}

export function destroyTensors(gpu: Gpu, tensors: WeightTensors): void {
  for (const { parts } of tensors.values()) for (const { buffer } of parts) gpu.destroyBuffer(buffer);
}

function createTensors(
  gpu: Gpu,
  { config, tied }: WeightSource,
  precision: Precision,
): Map<string, WeightTensor> {
  const shapes = new Map<string, { rows: number; rowLength: number }>();
  for (const { name, shape } of parameters(config)) {
    if (tied && name === "out_head.weight") continue;
    const { tensor } = placement(name);
    const known = shapes.get(tensor);
    // Vectors are one row; the three parts of W_qkv.bias make one row of three times the length.
    const [rows, rowLength] = shape.length === 2 ? [shape[0]!, shape[1]!] : [1, shape[0]!];
    if (!known) shapes.set(tensor, { rows, rowLength });
    else if (shape.length === 2) known.rows += rows;
    else known.rowLength += rowLength;
  }
  return new Map([...shapes].map(([name, shape]) => [name, createTensor(gpu, name, shape, precision)]));
}

function createTensor(
  gpu: Gpu,
  name: string,
  { rows, rowLength }: { rows: number; rowLength: number },
  precision: Precision,
): WeightTensor {
  // Vectors are read value by value, and pos_emb is small: only the matrices are worth packing.
  const format = formatOf(rows > 1 && name !== "pos_emb.weight" ? precision : "f32", rowLength);
  const { maxStorageBufferBindingSize, maxBufferSize } = gpu.limits;
  const rowBytes = bytesIn(format, rowLength);
  const rowsPerPart = Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / rowBytes);
  const rowsAtLeast = name === "pos_emb.weight" ? rows : 1; // every part of tok_emb needs the whole of it
  if (rowsPerPart < rowsAtLeast) {
    throw new NextTokenError(
      "limits-too-small",
      `${name} needs ${rowsAtLeast * rowBytes} bytes in one piece, more than this GPU can bind. Choose a smaller model.`,
    );
  }
  const parts: TensorPart[] = [];
  for (let firstRow = 0; firstRow < rows; firstRow += rowsPerPart) {
    const count = Math.min(rowsPerPart, rows - firstRow);
    parts.push({ buffer: gpu.createStorage(name, count * rowBytes), firstRow, rows: count });
  }
  return { name, format, rows, rowLength, parts };
}

/** Writes a chunk where it belongs, cut at the borders of parts. */
async function write(
  gpu: Gpu,
  tensors: WeightTensors,
  { name, shape, offset, data }: WeightChunk,
  packer: WeightPacker | undefined,
): Promise<void> {
  const { tensor, index } = placement(name);
  const { parts, rowLength, format } = tensors.get(tensor)!;
  let first = index * sizeOf(shape) + offset; // in values of the whole tensor
  let rest: Float32Array<ArrayBuffer> = data;
  for (const part of parts) {
    const partFirst = part.firstRow * rowLength;
    const partEnd = partFirst + part.rows * rowLength;
    if (first >= partEnd || rest.length === 0) continue;
    const piece = rest.subarray(0, Math.min(rest.length, partEnd - first));
    if (format === "f16" || format === "int8")
      await packer!.pack(format, piece, part.buffer, first - partFirst);
    else gpu.device.queue.writeBuffer(part.buffer, (first - partFirst) * 4, piece);
    first += piece.length;
    rest = rest.subarray(piece.length);
  }
}
