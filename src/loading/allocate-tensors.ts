import { throwIfAborted } from "../abort.ts";
import type { Device } from "../device/device.ts";
import { NextTokenError } from "../errors.ts";
import { bytesIn, formatOf, type Precision, type WeightFormat } from "../kernels/weight-format.ts";
import {
  destroyTensors,
  type TensorPart,
  type WeightTensor,
  type WeightTensors,
} from "../pass/weight-tensors.ts";
import { parameters } from "../weights/parameters.ts";
import type { WeightSource } from "../weights/weight-source.ts";

/**
 * W_query, W_key and W_value are one tensor, W_qkv, their rows one after the other, so that one product computes all three.
 * The index is the place of each.
 */
const qkvIndex: Readonly<Record<string, number>> = { W_query: 0, W_key: 1, W_value: 2 };

/** The tensor that a parameter is part of, and as which of its parts. */
export function placement(name: string): { tensor: string; index: number } {
  const [, before, which, after] = /^(.*\.)(W_query|W_key|W_value)(\..*)$/.exec(name) ?? [];
  return which ? { tensor: `${before}W_qkv${after}`, index: qkvIndex[which]! } : { tensor: name, index: 0 };
}

interface Shape {
  rows: number;
  rowLength: number;
}

/** The tensors of a model, in the order of its parameters. */
function shapesOf({ config, tied }: WeightSource): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
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
  return shapes;
}

/** Bytes of a model's tensors on a device. */
export function bytesOf(source: WeightSource, precision: Precision): number {
  let bytes = 0;
  for (const [name, { rows, rowLength }] of shapesOf(source))
    bytes += rows * bytesIn(formatFor(name, rows, rowLength, precision), rowLength);
  return bytes;
}

/**
 * Refuses a model that no memory of this device can hold, before anything of it is asked for.
 * @throws NextTokenError "limits-too-small"
 */
export function checkRoom({ limits }: Device, source: WeightSource, precision: Precision): void {
  const { memoryBytes } = limits;
  const bytes = bytesOf(source, precision);
  if (memoryBytes === undefined || bytes <= memoryBytes) return;
  throw new NextTokenError(
    "limits-too-small",
    `This model's weights are ${gigabytes(bytes)} GB in ${precision}, and the processor's memory in a browser is at most ${gigabytes(memoryBytes)} GB. Choose a smaller model, or precision f16 or int8.`,
  );
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

/** Kernels read vectors in f32, and pos_emb is small: so only the other matrices are packed. */
const formatFor = (name: string, rows: number, rowLength: number, precision: Precision): WeightFormat =>
  formatOf(rows > 1 && name !== "pos_emb.weight" ? precision : "f32", rowLength);

/** Allocated under one lock: a block of GPT-2. There are few locks, because each waits for the GPU to answer. */
const BYTES_A_LOCK = 32 * 1024 * 1024;

/** Names of neighbours, in groups of BYTES_A_LOCK in f32; a larger tensor is a group of its own. */
function groupsOf(shapes: ReadonlyMap<string, Shape>): string[][] {
  const groups: string[][] = [];
  let left = 0; // bytes
  for (const [name, { rows, rowLength }] of shapes) {
    left -= rows * rowLength * 4;
    if (left < 0 || groups.length === 0) {
      groups.push([]);
      left = BYTES_A_LOCK - rows * rowLength * 4;
    }
    groups.at(-1)!.push(name);
  }
  return groups;
}

/**
 * The tensors of a model, by name. Each group takes the lock anew, because allocating half a gigabyte can take seconds.
 * @throws NextTokenError "limits-too-small", "out-of-memory", "aborted", and what `Device.check` throws; then all tensors are
 * destroyed
 */
export async function allocateTensors(
  device: Device,
  source: WeightSource,
  precision: Precision,
  signal?: AbortSignal,
): Promise<WeightTensors> {
  const shapes = shapesOf(source);
  const tensors = new Map<string, WeightTensor>();
  try {
    for (const names of groupsOf(shapes)) {
      const create = () => names.map((name) => createTensor(device, name, shapes.get(name)!, precision));
      const group = await device.mutex.run(() => {
        throwIfAborted(signal);
        return device.scoped(create);
      });
      for (const tensor of group) tensors.set(tensor.name, tensor);
    }
    return tensors;
  } catch (error) {
    destroyTensors(device, tensors);
    throw error;
  }
}

function createTensor(
  device: Device,
  name: string,
  { rows, rowLength }: { rows: number; rowLength: number },
  precision: Precision,
): WeightTensor {
  const format = formatFor(name, rows, rowLength, precision);
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const rowBytes = bytesIn(format, rowLength);
  const rowsPerPart = Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / rowBytes);
  const rowsAtLeast = name === "pos_emb.weight" ? rows : 1; // with each part of tok_emb the embedding kernel needs all of pos_emb
  if (rowsPerPart < rowsAtLeast) {
    throw new NextTokenError(
      "limits-too-small",
      `${name} needs ${rowsAtLeast * rowBytes} bytes in one piece, more than this GPU can bind. Choose a smaller model.`,
    );
  }
  const parts: TensorPart[] = [];
  for (let firstRow = 0; firstRow < rows; firstRow += rowsPerPart) {
    const count = Math.min(rowsPerPart, rows - firstRow);
    parts.push({ buffer: device.createStorage(name, count * rowBytes), firstRow, rows: count });
  }
  return { name, format, rows, rowLength, parts };
}
