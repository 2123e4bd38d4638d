import { describe, expect, test } from "vitest";
import { BLOCK, PlainBlocks } from "./blocks.ts";
import { createBlocks } from "./fill.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { SimdBlocks } from "./simd-blocks.ts";

const pair = (seed: number) => {
  const generator = MersenneTwister.seeded(seed);
  return { plain: new PlainBlocks(generator), simd: new SimdBlocks(generator) };
};
const bits = (values: Float32Array) => [...new Uint32Array(values.slice().buffer)];

describe("the plain and the fast inner loops", () => {
  test("draw the same floats, to the last bit, whatever the length", () => {
    const { plain, simd } = pair(123);
    for (const n of [BLOCK, 1, 16, 3, 768, 0, BLOCK - 1, 7, 625]) {
      for (const blocks of [plain, simd]) blocks.draw(n, 2 ** 23, 0.037 / 2 ** 23);
      expect(bits(simd.block.subarray(0, n))).toEqual(bits(plain.block.subarray(0, n)));
    }
  });

  test("make the same normals, to the last bit", () => {
    const { plain, simd } = pair(5);
    for (let i = 0; i < 50; i++) {
      for (const blocks of [plain, simd]) {
        blocks.draw(BLOCK, 0, 2 ** -24);
        blocks.boxMuller(BLOCK);
      }
      expect(simd.block).toEqual(plain.block);
    }
  });

  test("boxMuller(n) leaves what is beyond n alone", () => {
    const { plain, simd } = pair(9);
    for (const blocks of [plain, simd]) {
      const { block } = blocks;
      block.fill(0.25);
      blocks.boxMuller(32);
      expect(block[31]).not.toBe(0.25);
      expect(block.subarray(32).every((value) => value === 0.25)).toBe(true);
    }
  });
});

test("draws are the low 24 bits of the generator's numbers", () => {
  const generator = MersenneTwister.seeded(42);
  const blocks = createBlocks(generator);
  blocks.draw(1000, 2 ** 23, 0.5);
  for (let i = 0; i < 1000; i++)
    expect(blocks.block[i]).toBe(((generator.draw() & 0xffffff) - 2 ** 23) * 0.5);
});

test("normals are Box and Muller's, also at the ends of the range and around the quarters of the circle", () => {
  const { plain, simd } = pair(0);
  const end = 1 - 2 ** -24;
  const quarters = [1, 2, 3, 4, 5, 6, 7].flatMap((k) => [k / 8 - 2 ** -24, k / 8, k / 8 + 2 ** -24]);
  const values = [0, 2 ** -24, end, end - 2 ** -24, 0.3, 0.7, 1 - Math.SQRT1_2, ...quarters].map(Math.fround);
  for (const a of values) {
    for (const b of values) {
      for (const blocks of [plain, simd]) {
        const { block } = blocks;
        block.fill(a, 0, 8);
        block.fill(b, 8, 16);
        blocks.boxMuller(16);
        const radius = Math.sqrt(-2 * Math.log(1 - a));
        const theta = Math.fround(Math.fround(2 * Math.PI) * b); // PyTorch's angle is a float
        expect(block[0]).toBeCloseTo(radius * Math.cos(theta), 6);
        expect(block[8]).toBeCloseTo(radius * Math.sin(theta), 6);
        expect(block[7]).toBe(block[0]);
        expect(block[15]).toBe(block[8]);
      }
    }
  }
});

test("where WebAssembly may not be compiled, the plain loops take over", () => {
  const { Module } = WebAssembly;
  WebAssembly.Module = class {
    constructor() {
      throw new WebAssembly.CompileError("blocked by the Content Security Policy");
    }
  } as unknown as typeof Module;
  try {
    expect(createBlocks(MersenneTwister.seeded(1))).toBeInstanceOf(PlainBlocks);
  } finally {
    WebAssembly.Module = Module;
  }
  expect(createBlocks(MersenneTwister.seeded(1))).toBeInstanceOf(SimdBlocks);
});
