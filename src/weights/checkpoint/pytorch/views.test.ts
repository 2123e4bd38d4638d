import { expect, test } from "vitest";
import { dict, tensor, text } from "../../../test/pickle-bytes.ts";
import { archived } from "../../../test/pytorch-file.ts";
import { zipFile } from "../../../test/zip-file.ts";
import { BlobSource } from "../blob-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { openTensors } from "../open-tensors.ts";
import { linesOf } from "./strides.ts";

/** The values of a tensor that is a view of a storage whose every number is its own index. */
async function valuesOf(length: number, offset: number, shape: number[], strides: number[], isHalf = false) {
  const type = isHalf ? "HalfStorage" : "FloatStorage";
  const described = tensor({ type, length, offset, shape, strides });
  const Numbers = isHalf ? Uint16Array : Float32Array;
  const numbers = new Numbers(length);
  for (let i = 0; i < length; i++) numbers[i] = i;
  const files = archived(
    dict([text("before"), tensor({ type, length, shape: [2] })], [text("w"), described]),
    {
      0: new Uint8Array(numbers.buffer),
    },
  );
  const source = new BlobSource(new Blob([zipFile(files)]));
  const { tensors, reader } = await openTensors(source);
  const { begin, end } = tensors[1]!;
  const bytes = new Uint8Array(end - begin);
  const reading = reader();
  await reading.skip(begin);
  for (let at = 0; at < bytes.byteLength; at += 1 << 20)
    await reading.readInto(bytes.subarray(at, at + (1 << 20)));
  await reading.end();
  await reading.close();
  return new Numbers(bytes.buffer);
}

/** The same by PyTorch's definition: the number at [i, j] is at offset + i * strides[0] + j * strides[1]. */
function expectedValues(offset: number, [rows, columns]: number[], [row, column]: number[]): number[] {
  return Array.from({ length: rows! * columns! }, (_, i) => {
    return offset + Math.floor(i / columns!) * row! + (i % columns!) * column!;
  });
}

test.each([
  ["in order", 12, 0, [3, 4], [4, 1]],
  ["in order, from an offset", 20, 5, [3, 4], [4, 1]],
  ["a band of columns", 30, 2, [3, 4], [10, 1]],
  ["every other row", 24, 0, [3, 4], [8, 1]],
  ["a column", 12, 3, [3, 1], [4, 1]],
  ["a transpose", 12, 0, [4, 3], [1, 4]],
  ["a band of a transpose", 36, 4, [4, 3], [1, 12]],
  ["one row of many steps", 12, 1, [1, 4], [99, 3]],
  ["one number", 12, 7, [1, 1], [5, 5]],
])("%s", async (_, length, offset, shape, strides) => {
  const expected = expectedValues(offset, shape, strides);
  expect([...(await valuesOf(length, offset, shape, strides))]).toEqual(expected);
  expect([...(await valuesOf(length, offset, shape, strides, true))]).toEqual(expected);
});

test("a transpose of more than a band, and lines of more than a piece, are what PyTorch says", async () => {
  const [rows, columns] = [5000, 1200]; // 24 MB, of which 16 are a band
  for (const strides of [
    [1, rows],
    [columns + 3, 1],
  ]) {
    const values = await valuesOf(rows * (columns + 3), 2, [rows, columns], strides);
    expect(values.length).toBe(rows * columns);
    const wrong = values.findIndex(
      (value, i) => value !== 2 + Math.floor(i / columns) * strides[0]! + (i % columns) * strides[1]!,
    );
    expect(wrong).toBe(-1);
  }
});

test("a matrix that has no end in one direction is refused, since no part of it could be read alone", async () => {
  const wide = 2 ** 18 + 1;
  const read = valuesOf(3 * wide, 0, [wide, 3], [1, wide]);
  await expect(read).rejects.toThrow(CheckpointError);
  await expect(read).rejects.toMatchObject({ rule: "strides", tensor: "w" });
});

test("dimensions of one, and those that go on where the next ends, do not count", () => {
  expect(linesOf([], [])).toEqual({ lines: 1, length: 1, step: 1, isTransposed: false });
  expect(linesOf([1, 1, 6, 4], [0, 99, 4, 1])).toEqual({
    lines: 1,
    length: 24,
    step: 24,
    isTransposed: false,
  });
  expect(linesOf([2, 3, 4], [24, 8, 1])).toEqual({ lines: 6, length: 4, step: 8, isTransposed: false });
  expect(linesOf([2, 3, 4], [4, 8, 1])).toBeUndefined();
});
