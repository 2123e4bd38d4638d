import { describe, expect, it } from "vitest";
import { f16Step, unpackF16, unpackInt8 } from "../reference/pack.ts";
import { expectSame, expectWithin } from "../test/expect-within.ts";
import { EPS } from "../test/f32-bounds.ts";
import { foldedEarly } from "../test/folded-early.ts";
import { guarded, unwritten, writtenWords } from "../test/guarded.ts";
import { runKernel } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";
import { packToF16, packToInt8 } from "./pack.ts";

const same: typeof foldedEarly = (kernel) => kernel;

/** The words of w after packing `values` from pack number `first` on; fails if what stands before is touched. */
async function pack(
  format: "f16" | "int8",
  values: Float32Array,
  first = 0,
  fold = same,
): Promise<Uint32Array> {
  const [kernel, words, count] =
    format === "f16"
      ? ([packToF16, 2, values.length / 4] as const)
      : ([packToInt8, 9, values.length / 32] as const);
  const data = { values: guarded(values), w: unwritten((first + count) * words) };
  const { w } =
    kernel === packToF16
      ? await runKernel(fold(packToF16), data, { num_vecs: count, first })
      : await runKernel(fold(packToInt8), data, { num_blocks: count, first });
  const all = writtenWords(w, (first + count) * words);
  const before = all.slice(0, first * words);
  expect(before).toEqual(new Uint32Array(before.length).fill(0x7fc00000));
  return all.slice(first * words);
}

describe("to f16", () => {
  // WGSL leaves open to which neighbour a value is rounded, and whether subnormal numbers count as 0.
  const step = (v: number) => (Math.abs(v) < 2 ** -14 ? 2 ** -14 : f16Step(v));

  it.each([
    [4, 0],
    [12, 3],
    [260, 1],
    [768 * 3, 0],
  ])("%i values from pack %i on", async (length, first) => {
    const values = randomValues(length, 1, { outliers: true });
    const expected = Float64Array.from(values);
    expectWithin(unpackF16(await pack("f16", values, first)), { expected, bound: expected.map(step) });
  });

  it("changes nothing that f16 can hold", async () => {
    const values = Float32Array.from({ length: 4096 }, (_, i) => (i - 2048) / 64);
    values.set([65504, -65504, 2 ** -14, -(2 ** -14)]);
    expectSame(unpackF16(await pack("f16", values)), values);
  });

  it("takes the largest for what is out of range", async () => {
    const values = Float32Array.of(65520, -1e6, 3e38, 1);
    expect([...unpackF16(await pack("f16", values))]).toEqual([65504, -65504, 65504, 1]);
  });
});

describe("to int8", () => {
  /** The step of each value: 1/127 of the largest magnitude among its 32. */
  const steps = (values: Float32Array) =>
    Float64Array.from(values, (_, i) => {
      const block = values.subarray(i - (i % 32), i - (i % 32) + 32);
      return Math.max(...block.map(Math.abs)) / 127;
    });

  it.each([
    [32, 0],
    [96, 2],
    [65 * 32, 0],
    [768 * 3, 5],
  ])("%i values from its place on", async (length, first) => {
    const values = randomValues(length, 1, { outliers: true });
    const words = await pack("int8", values, first);
    const bound = steps(values).map((step) => step * (0.5 + 127 * 4 * EPS)); // four roundings before the last one
    expectWithin(unpackInt8(words), { expected: Float64Array.from(values), bound });
    const scales = new Float32Array(words.buffer).filter((_, i) => i % 9 === 8);
    expectSame(
      scales,
      Float32Array.from(
        steps(values).filter((_, i) => i % 32 === 0),
        (s) => Math.fround(127 * s),
      ),
    );
  });

  it("leaves zeros zero, and the largest of a block what it is", async () => {
    const values = new Float32Array(96);
    values[40] = -3;
    values[70] = 2 ** -20;
    const unpacked = unpackInt8(await pack("int8", values));
    expectSame(unpacked, values);
  });
});

it.each(["f16", "int8"] as const)(
  "counts on where the grid is folded into two dimensions: %s",
  async (format) => {
    const values = randomValues(64 * 32 * 7, 1); // seven workgroups for int8
    expectSame(await pack(format, values, 0, foldedEarly), await pack(format, values));
  },
);
