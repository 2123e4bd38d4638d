import { sizeOf } from "../parameters.ts";
import { MAX_CHUNK_BYTES, type WeightChunk } from "../weight-source.ts";
import type { TensorReader } from "./byte-source.ts";
import { CheckpointError, quote } from "./checkpoint-error.ts";
import type { Placement } from "./checkpoint-layout.ts";
import { firstNotFinite, transposeRows, widen } from "./convert.ts";

const CHUNK_VALUES = MAX_CHUNK_BYTES / Float32Array.BYTES_PER_ELEMENT;

/**
 * Mutex the bytes of a checkpoint into chunks of our parameters, tensor by tensor in the order of the file.
 * Memory: one chunk, half a chunk of 16-bit values, and the largest Conv1D matrix as f32 (41 MB in GPT-2 XL, 9.4 MB in
 * the 124M model), which has to be whole before the first row of its transpose is.
 * @param reader stands at its first byte
 * @param bytes how many the reader has
 * @throws CheckpointError "not-finite" naming the tensor and the value
 */
export async function* streamTensors(
  placements: readonly Placement[],
  reader: TensorReader,
  bytes: number,
): AsyncGenerator<WeightChunk> {
  const chunk = new Float32Array(Math.min(CHUNK_VALUES, largest(placements)));
  const matrix = new Float32Array(largest(placements.filter(({ transposed }) => transposed)));
  const halves = new Uint16Array(placements.some(({ entry }) => entry.dtype !== "F32") ? chunk.length : 0);
  const values = new ValueReader(reader, halves);
  let at = 0;
  for (const placement of placements) {
    await reader.skip(placement.entry.begin - at);
    at = placement.entry.end;
    if (placement.transposed) yield* transposedChunks(placement, values, matrix, chunk);
    else yield* plainChunks(placement, values, chunk);
  }
  await reader.skip(bytes - at);
}

/** Values in the largest tensor. */
const largest = (placements: readonly Placement[]): number =>
  placements.reduce((most, { entry }) => Math.max(most, sizeOf(entry.shape)), 0);

/** Values that lie in the file as we want them. */
async function* plainChunks(
  { entry, into }: Placement,
  values: ValueReader,
  chunk: Float32Array<ArrayBuffer>,
) {
  let read = 0;
  for (const { name, shape } of into) {
    const rowLength = sizeOf(shape.slice(1));
    const step = Math.floor(CHUNK_VALUES / rowLength) * rowLength;
    for (let offset = 0; offset < sizeOf(shape); offset += step) {
      const data = chunk.subarray(0, Math.min(step, sizeOf(shape) - offset));
      await values.read(entry, read, data);
      read += data.length;
      yield { name, shape, offset, data };
    }
  }
}

/** A Conv1D weight [in, out]: our parameters are bands of its columns, transposed. */
async function* transposedChunks(
  { entry, into }: Placement,
  values: ValueReader,
  buffer: Float32Array,
  chunk: Float32Array<ArrayBuffer>,
) {
  const [inputs, outputs] = entry.shape as [number, number];
  const matrix = buffer.subarray(0, inputs * outputs);
  for (let at = 0; at < matrix.length; at += chunk.length)
    await values.read(entry, at, matrix.subarray(at, at + chunk.length));
  let column = 0;
  for (const { name, shape } of into) {
    const [rows] = shape as [number, number];
    const step = Math.floor(CHUNK_VALUES / inputs);
    for (let row = 0; row < rows; row += step) {
      const count = Math.min(step, rows - row);
      const data = chunk.subarray(0, count * inputs);
      transposeRows(matrix, inputs, outputs, data, count, column + row);
      yield { name, shape, offset: row * inputs, data };
    }
    column += rows;
  }
}

/** Reads values of any weight type as f32, and sees to it that they are numbers. */
class ValueReader {
  #reader: TensorReader;
  #halves: Uint16Array;

  constructor(reader: TensorReader, halves: Uint16Array) {
    this.#reader = reader;
    this.#halves = halves;
  }

  /** Fills `into`, at most a chunk, with the tensor's values from index `first` on, which come next in the file. */
  async read(entry: Placement["entry"], first: number, into: Float32Array): Promise<void> {
    // Little-endian, like the file, is every machine that has WebGPU.
    if (entry.dtype === "F32") {
      await this.#reader.readInto(new Uint8Array(into.buffer, into.byteOffset, into.byteLength));
    } else {
      const halves = this.#halves.subarray(0, into.length);
      await this.#reader.readInto(new Uint8Array(halves.buffer, 0, halves.byteLength));
      widen(entry.dtype, halves, into);
    }
    const odd = firstNotFinite(into);
    if (odd >= 0)
      throw new CheckpointError(
        "not-finite",
        `${quote(entry.name)} holds ${into[odd]} at index ${first + odd}. The checkpoint is damaged, or its training went wrong; choose another.`,
        { tensor: entry.name },
      );
  }
}
