import { expect, it } from "vitest";
import gelu from "../../shaders/parts/gelu.wgsl?raw";
import { defineKernel, gridOver } from "../device/kernel.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedGelu } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { runKernel } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";

// gelu is a function of the epilogue; here a kernel of its own calls it.
const map = `
struct Dims {
  size: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  if (thread.x < dims.size) {
    y[thread.x] = gelu(x[thread.x]);
  }
}
`;
const geluOf = defineKernel({
  label: "gelu of each",
  wgsl: [gelu, map].join("\n"),
  bindings: ["x", "y"],
  dims: ["size"],
  workgroups: ({ size }) => gridOver(size, 64),
});

async function run(x: Float32Array): Promise<Float32Array> {
  const { y } = await runKernel(geluOf, { x: guarded(x), y: unwritten(x.length) }, { size: x.length });
  return written(y, x.length);
}

const bounded = (x: Float32Array) => boundedGelu({ expected: x, bound: new Float64Array(x.length) });

it.each([1, 7, 65, 768, 3072])("%i values", async (length) => {
  const x = randomValues(length, 1, { outliers: true });
  expectWithin(await run(x), bounded(x));
});

it("is right wherever the curve bends", async () => {
  const x = Float32Array.from({ length: 20_001 }, (_, i) => (i - 10_000) / 1000);
  expectWithin(await run(x), bounded(x));
});

it("is a finite number as far as 10,000 on either side", async () => {
  const far = [15, 20, 50, 88, 89, 90, 100, 500, 1e3, 5e3, 1e4];
  const x = Float32Array.from([...far, ...far.map((v) => -v)]);
  const y = await run(x);
  expect([...y].every(Number.isFinite)).toBe(true);
  expectWithin(y, bounded(x));
});
