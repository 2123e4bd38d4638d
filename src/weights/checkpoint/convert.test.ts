import { expect, test } from "vitest";
import { firstNotFinite, transposeRows, widen } from "./convert.ts";

const bits = (...values: number[]) => new Float32Array(Uint32Array.from(values).buffer);
const widened = (dtype: "F16" | "BF16", ...halves: number[]) => {
  const into = new Float32Array(halves.length);
  widen(dtype, Uint16Array.from(halves), into);
  return into;
};

/** The value of a half by the formula of IEEE 754. */
function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = (half & 1023) / 1024;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}

test("every half becomes the f32 of its value", () => {
  const all = Array.from({ length: 0x10000 }, (_, half) => half);
  const values = widened("F16", ...all);
  expect(all.filter((half) => !Object.is(values[half], halfValue(half)))).toEqual([]);
});

test("bfloat16 is the upper half of an f32", () => {
  expect([...widened("BF16", 0x3f80, 0xc000, 0x0000, 0x7f7f)]).toEqual([1, -2, 0, bits(0x7f7f0000)[0]]);
  expect(Object.is(widened("BF16", 0x8000)[0], -0)).toBe(true);
});

test("NaN and infinity are found by their bits, the largest and smallest numbers are not", () => {
  const finite = [0x7f7fffff, 0xff7fffff, 0x00000001, 0x80000000, 0x3f800000];
  expect(firstNotFinite(bits(...finite))).toBe(-1);
  for (const odd of [0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffffffff])
    expect(firstNotFinite(bits(...finite, odd, 0x7fc00000))).toBe(finite.length);
  expect(firstNotFinite(widened("F16", 0x7bff, 0x7c00))).toBe(1);
  expect(firstNotFinite(widened("BF16", 0x7f7f, 0x7f81))).toBe(1);
});

test.each([
  [1, 1, 0, 1],
  [3, 5, 0, 5],
  [33, 70, 31, 39],
  [64, 96, 32, 32],
  [100, 7, 6, 1],
])("rows of the transposed matrix [%i, %i] from column %i on, %i of them", (inputs, outputs, first, rows) => {
  const matrix = Float32Array.from({ length: inputs * outputs }, (_, i) => i);
  const into = new Float32Array(rows * inputs).fill(Number.NaN);
  transposeRows(matrix, inputs, outputs, into, rows, first);
  const expected = Array.from({ length: rows * inputs }, (_, at) => {
    const [row, input] = [Math.floor(at / inputs), at % inputs];
    return input * outputs + first + row;
  });
  expect([...into]).toEqual(expected);
});
