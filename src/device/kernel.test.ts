import { describe, expect, expectTypeOf, it } from "vitest";
import { affine } from "../test/affine-kernel.ts";
import {
  type Dims,
  declaredBindings,
  defineKernel,
  type Grid,
  gridOver,
  sourceFor,
  uniformDims,
} from "./kernel.ts";

const wgsl = `
struct Dims {
  rows: u32,
  length: u32,
}
@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(3)
var<storage, read> cache_len : array<u32>;
var<workgroup> partial: array<f32, 64>;
`;
const good = {
  label: "good",
  wgsl,
  bindings: ["x", "y", "cache_len"],
  dims: ["rows", "length"],
  workgroups: (): Grid => [1],
} as const;

it("reads bindings from the shader, by number, with what the shader does to them", () => {
  expect(declaredBindings(wgsl)).toEqual([
    { name: "dims", index: 0, type: "uniform" },
    { name: "x", index: 1, type: "read-only-storage" },
    { name: "y", index: 2, type: "storage" },
    { name: "cache_len", index: 3, type: "read-only-storage" },
  ]);
});

describe("a twin", () => {
  it("that agrees with its shader is accepted", () => {
    expect(defineKernel(good).bindings).toEqual(["x", "y", "cache_len"]);
  });

  it.each([
    ["misspelt", ["x", "z", "cache_len"]],
    ["missing", ["x", "y"]],
    ["too many", ["x", "y", "cache_len", "more"]],
    ["in another order", ["y", "x", "cache_len"]],
  ])("whose bindings are %s is refused, and both lists are named", (_, bindings) => {
    const define = () => defineKernel({ ...good, bindings });
    expect(define).toThrow(`Kernel good binds ${bindings.join()}, its shader x,y,cache_len.`);
  });

  it.each([
    ["misspelt", ["rows", "lenght"]],
    ["missing", ["rows"]],
    ["too many", ["rows", "length", "more"]],
    ["in another order", ["length", "rows"]],
  ])("whose dims are %s is refused, and both lists are named", (_, dims) => {
    const define = () => defineKernel({ ...good, dims });
    expect(define).toThrow(`Kernel good has dims ${dims.join()}, its shader rows,length.`);
  });

  it("writes its fixed dims into the shader, and reads the others from the uniform", () => {
    const twin = defineKernel({ ...good, dims: ["width", "rows", "length"], fixed: ["width"] });
    expect(uniformDims(twin)).toEqual(["rows", "length"]);
    expect(sourceFor(twin, { width: 3, rows: 1, length: 2 })).toBe(`${wgsl}\nconst width = 3u;`);
    expect(sourceFor(good, { rows: 1, length: 2 })).toBe(wgsl);
  });

  it("whose fixed dims are in the shader's struct too is refused", () => {
    expect(() => defineKernel({ ...good, fixed: ["length"] })).toThrow(
      "Kernel good has dims rows, its shader rows,length.",
    );
  });

  it("has types that know its names", () => {
    expectTypeOf(affine.bindings).toEqualTypeOf<readonly ("x" | "y")[]>();
    expectTypeOf(affine.workgroups).parameter(0).toEqualTypeOf<Dims<"size" | "factor" | "offset">>();
    expect(affine.workgroups({ size: 65, factor: 1, offset: 0 }, {})).toEqual([2, 1]);
  });
});

describe("gridOver", () => {
  it.each([
    [0, [1, 1]],
    [1, [1, 1]],
    [64, [1, 1]],
    [65, [2, 1]],
    [65535 * 64, [65535, 1]],
    [65535 * 64 + 1, [65535, 2]],
    [2 * 65535 * 64 + 1, [65535, 3]],
  ])("of %i values", (n, grid) => {
    expect(gridOver(n, 64)).toEqual(grid);
  });
});
