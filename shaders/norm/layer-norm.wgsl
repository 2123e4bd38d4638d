// layer-norm: y = (x - mean) / sqrt(var + eps) * scale + shift, for each token
//   x             tokens first, first + stride, first + 2 * stride, ... of [.., emb_dim]
//   scale, shift  [emb_dim]
//   y             [num_tokens, emb_dim]
// One workgroup normalizes one token; its threads stride over emb_dim. The variance is the biased one. The stride picks the
// last token of each row, where only that one goes on to the head. Made for every adapter.
// Notebook: LayerNorm · Reference: src/reference/layer-norm.ts
const eps = 1e-5;
const threads = 64u;

struct Dims {
  num_tokens: u32,
  emb_dim: u32,
  first: u32,
  stride: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> shift: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

var<workgroup> partial: array<f32, threads>;

fn sum_over_threads(value: f32, lane: u32) -> f32 {
  partial[lane] = value;
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    workgroupBarrier(); // the upper half's sums are written
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
  }
  workgroupBarrier(); // the total is written
  let total = partial[0];
  workgroupBarrier(); // everyone has read it: partial may be used again
  return total;
}

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let token = group.y * groups.x + group.x;
  let x_at = (dims.first + token * dims.stride) * dims.emb_dim;
  let y_at = token * dims.emb_dim;
  // Past the last token a workgroup has no rounds, but its threads must reach the barriers. A compiler can unroll rounds that
  // are counted one by one.
  let rounds = select(0u, (dims.emb_dim + threads - 1u) / threads, token < dims.num_tokens);

  var sum = 0.0;
  for (var round = 0u; round < rounds; round++) {
    let i = round * threads + lane;
    if (i < dims.emb_dim) {
      sum += x[x_at + i];
    }
  }
  let mean = sum_over_threads(sum, lane) / f32(dims.emb_dim);

  var squares = 0.0;
  for (var round = 0u; round < rounds; round++) {
    let i = round * threads + lane;
    if (i < dims.emb_dim) {
      let centred = x[x_at + i] - mean;
      squares += centred * centred;
    }
  }
  let deviation = sqrt(sum_over_threads(squares, lane) / f32(dims.emb_dim) + eps);

  for (var round = 0u; round < rounds; round++) {
    let i = round * threads + lane;
    if (i < dims.emb_dim) {
      y[y_at + i] = (x[x_at + i] - mean) / deviation * scale[i] + shift[i];
    }
  }
}
