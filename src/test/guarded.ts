import { expect } from "vitest";
import { nanBits } from "./values.ts";

/** Elements behind the end of each tensor in a kernel test: where a kernel that counts wrongly reads or writes. */
const GUARD = 128;

/** `values` and NaN behind their end, so that a read past it shows in what is computed. */
export function guarded(values: Float32Array | Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(nanBits(values.length + GUARD).buffer);
  longer.set(new Uint32Array(values.buffer, values.byteOffset, values.length));
  return longer;
}

/** An output of `length` values before a kernel has written any: NaN, as is what lies behind its end. */
export const unwritten = (length: number): Float32Array<ArrayBuffer> => nanBits(length + GUARD);

/** The first `length` words of an output. Fails if anything but the NaN of `unwritten` is left behind them. */
export function writtenWords(words: Uint32Array, length: number): Uint32Array {
  const before = new Uint32Array(unwritten(length).buffer, length * 4);
  expect(words.subarray(length), "what lies behind the end of the output").toEqual(before);
  return words.subarray(0, length);
}

/** The first `length` values of an output, as `writtenWords`. */
export function written(words: Uint32Array, length: number): Float32Array {
  const inside = writtenWords(words, length);
  return new Float32Array(inside.buffer, inside.byteOffset, length);
}

/** `rows` as the beginning of each of `batch` caches of `size` values, NaN behind them: a key that is not there shows. */
export function inCaches(rows: Float32Array, batch: number, size: number): Float32Array<ArrayBuffer> {
  const caches = nanBits(batch * size);
  const length = rows.length / batch;
  for (let b = 0; b < batch; b++) caches.set(rows.subarray(b * length, (b + 1) * length), b * size);
  return caches;
}
