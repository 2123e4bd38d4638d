// count: y[0] = y[0] + 1
//   y  [1]
// One thread. Each dispatch reads what the one before wrote, so none may begin before that has ended: what is left to
// time is the dispatch.
struct Dims {
  by: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;

@compute @workgroup_size(1)
fn main() {
  y[0] += dims.by;
}
