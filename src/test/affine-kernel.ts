import { defineKernel, gridOver } from "../device/kernel.ts";

/** y = factor * x + offset, in u32: the smallest kernel with an input, an output, dims and a constant. */
export const affine = defineKernel({
  label: "affine",
  wgsl: `
override extra: u32 = 0;

struct Dims {
  size: u32,
  factor: u32,
  offset: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  if (thread.x < dims.size) {
    y[thread.x] = dims.factor * x[thread.x] + dims.offset + extra;
  }
}
`,
  bindings: ["x", "y"],
  dims: ["size", "factor", "offset"],
  workgroups: ({ size }) => gridOver(size, 64),
});
