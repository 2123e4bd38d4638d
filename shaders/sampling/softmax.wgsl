// softmax: y = exp(x - max(x)) / sum(exp(x - max(x))), for each row
//   x, y  [num_rows, dim]
// One workgroup computes one row; its threads stride over dim. Made for every adapter.
// Notebook: torch.softmax · Reference: src/reference/softmax.ts
const threads = 256u;
const lowest = -3.4028234e38;

struct Dims {
  num_rows: u32,
  dim: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

var<workgroup> partial: array<f32, threads>;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  let first = row * dims.dim;
  let dim = select(0u, dims.dim, row < dims.num_rows); // past the last row a workgroup only passes its barriers

  var maximum = lowest;
  for (var i = lane; i < dim; i += threads) {
    maximum = max(maximum, x[first + i]);
  }
  partial[lane] = maximum;
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    workgroupBarrier(); // the upper half's maxima are written
    if (lane < half) {
      partial[lane] = max(partial[lane], partial[lane + half]);
    }
  }
  workgroupBarrier(); // the maximum is written
  maximum = partial[0];
  workgroupBarrier(); // everyone has read it

  var sum = 0.0;
  for (var i = lane; i < dim; i += threads) {
    sum += exp(x[first + i] - maximum);
  }
  partial[lane] = sum;
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    workgroupBarrier(); // the upper half's sums are written
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
  }
  workgroupBarrier(); // the sum is written

  for (var i = lane; i < dim; i += threads) {
    y[first + i] = exp(x[first + i] - maximum) / partial[0];
  }
}
