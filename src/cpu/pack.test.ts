import { describe, expect, it } from "vitest";
import { packToF16, packToInt8 } from "../kernels/pack.ts";
import { packF16, packInt8, unpackInt8 } from "../reference/pack.ts";
import { expectWithin } from "../test/expect-within.ts";
import { EPS } from "../test/f32-bounds.ts";
import { guarded, unwritten, writtenWords } from "../test/guarded.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

/** The words of w after packing `values` from pack number `first` on; fails if what stands before is touched. */
function pack(build: Build, format: "f16" | "int8", values: Float32Array, first = 0): Uint32Array {
  const [packLength, words] = format === "f16" ? [4, 2] : [32, 9];
  const count = values.length / packLength;
  const data = { values: guarded(values), w: unwritten((first + count) * words) };
  const { w } =
    format === "f16"
      ? runCpuKernel(build, packToF16, data, { num_vecs: count, first })
      : runCpuKernel(build, packToInt8, data, { num_blocks: count, first });
  const all = writtenWords(w, (first + count) * words);
  const before = all.slice(0, first * words);
  expect(before).toEqual(new Uint32Array(before.length).fill(0x7fc00000));
  return all.slice(first * words);
}

/** Numbers of every size that f32 has: around each power of two, and between two numbers of f16. */
const everySize = Float32Array.from({ length: 4 * 64 * 16 }, (_, i) => {
  const [sign, exponent, step] = [i % 2 ? -1 : 1, (i >> 6) % 64, (i >> 1) % 32];
  return sign * 2 ** (exponent - 40) * (1 + step / 2048 + (i % 7) / 2 ** 22);
});

describe.each(buildNames)("%s", (build) => {
  it.each([
    [4, 0],
    [12, 3],
    [260, 1],
    [768 * 3, 0],
  ])("%i values to f16, from pack %i on, are the nearest", (length, first) => {
    const values = randomValues(length, 1, { outliers: true }).map((value) => value + 0); // no -0, which is 0 to the reference
    expect(pack(build, "f16", values, first)).toEqual(packF16(values));
  });

  it("numbers of every size are rounded to the nearest f16, the even one of two, and to the largest", () => {
    const extremes = Float32Array.of(0, -0, 65504, 65520, -1e6, 3e38, 2 ** -24, 2 ** -25);
    expect(pack(build, "f16", everySize)).toEqual(packF16(everySize));
    const [zeros, ...others] = pack(build, "f16", extremes);
    expect([0, 0x80000000]).toContain(zeros);
    expect(others).toEqual([...packF16(extremes)].slice(1));
  });

  it.each([
    [32, 0],
    [96, 2],
    [65 * 32, 0],
    [768 * 3, 5],
  ])("%i values to int8, from block %i on", (length, first) => {
    const values = randomValues(length, 1, { outliers: true });
    const words = pack(build, "int8", values, first);
    const steps = Float64Array.from(values, (_, i) => {
      const block = values.subarray(i - (i % 32), i - (i % 32) + 32);
      return Math.max(...block.map(Math.abs)) / 127;
    });
    const bound = steps.map((step) => step * (0.5 + 127 * 4 * EPS)); // four roundings before the last one
    expectWithin(unpackInt8(words), { expected: Float64Array.from(values), bound });
    const isScale = (_: number, i: number) => i % 9 === 8;
    expect(words.filter(isScale)).toEqual(packInt8(values).filter(isScale));
  });

  it("32 zeros stay zeros, and the largest of a block keeps its value", () => {
    const values = new Float32Array(64);
    values[40] = -0.3;
    const unpacked = unpackInt8(pack(build, "int8", values));
    expect(unpacked.filter((value) => value !== 0)).toEqual(Float64Array.of(values[40]));
  });
});
