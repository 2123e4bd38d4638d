import { describe, expect, it } from "vitest";
import { randomValues } from "../test/values.ts";
import { f16Bits, f16Step, f16Value, packF16, packInt8, unpackF16, unpackInt8 } from "./pack.ts";

describe("f16", () => {
  it.each([
    [0, 0x0000],
    [1, 0x3c00],
    [-2, 0xc000],
    [1 / 3, 0x3555],
    [65504, 0x7bff],
    [2 ** -14, 0x0400], // the smallest normal number
    [2 ** -24, 0x0001], // the smallest of all
    [2 ** -14 - 2 ** -24, 0x03ff],
  ])("%d is %i in bits", (value, bits) => {
    expect(f16Bits(value)).toBe(bits);
  });

  it("rounds to the nearest, halves to even, and across powers of two", () => {
    expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -20].map(f16Bits)).toEqual([
      0x3c00, 0x3c02, 0x3c01,
    ]);
    expect([2 - 2 ** -12, 2 ** -14 - 2 ** -26].map(f16Bits)).toEqual([0x4000, 0x0400]);
  });

  it("takes what is out of range as the largest", () => {
    expect([65505, 1e6, -1e6].map((v) => f16Value(f16Bits(v)))).toEqual([65504, 65504, -65504]);
  });

  it("gives every bit pattern of a number back", () => {
    const patterns = Array.from({ length: 0x7c00 }, (_, bits) => bits).flatMap((bits) => [
      bits,
      bits + 0x8000,
    ]);
    const changed = patterns.filter((bits) => f16Bits(f16Value(bits)) !== bits);
    expect(changed).toEqual([0x8000]); // zero has no sign here
  });

  it("stands two to a word and is off by half a step at most", () => {
    expect([...packF16([1, -2])]).toEqual([0xc0003c00]);
    const values = randomValues(200, 1);
    const unpacked = unpackF16(packF16(values));
    for (const [i, v] of values.entries()) {
      expect(Math.abs(unpacked[i] - v)).toBeLessThanOrEqual(f16Step(v) / 2);
    }
  });
});

describe("int8", () => {
  it("shares a scale among 32, the largest magnitude", () => {
    const values = Array.from({ length: 64 }, (_, i) => (i < 32 ? i - 31 : 0.5 * (i % 2)));
    const words = packInt8(values);
    expect(words.length).toBe(18);
    expect([...new Float32Array(words.buffer)].filter((_, i) => i % 9 === 8)).toEqual([31, 0.5]);
    expect(new Int8Array(words.buffer)[0]).toBe(-127);
    expect([...unpackInt8(words).subarray(32)]).toEqual(values.slice(32));
  });

  it("is off by half a step at most", () => {
    const values = randomValues(320, 1);
    const unpacked = unpackInt8(packInt8(values));
    for (const [i, v] of values.entries()) expect(Math.abs(unpacked[i] - v)).toBeLessThan(0.51 / 127);
  });

  it("leaves zeros zero", () => {
    expect([...unpackInt8(packInt8(new Float32Array(32)))]).toEqual(Array(32).fill(0));
  });
});
