// prologue-layer-norm: a product reads the rows of x after their LayerNorm, (x - mean) / sqrt(var + eps) * scale + shift.
// Every workgroup computes the moments of the rows by itself, all its threads striding over in_dim: on a graphics card that
// costs less than the dispatch of a layer-norm.
//   x             [num_rows, in_dim], at most MAX_ROWS rows
//   scale, shift  [in_dim]
// Notebook: LayerNorm · Reference: src/reference/layer-norm.ts
const eps = 1e-5;

@group(0) @binding(1) var<storage, read> x: array<array<Vec, in_dim / VEC>>;
@group(0) @binding(8) var<storage, read> scale: array<Vec, in_dim / VEC>;
@group(0) @binding(9) var<storage, read> shift: array<Vec, in_dim / VEC>;

var<workgroup> moments: array<vec2<f32>, MAX_ROWS>; // mean and 1 / deviation of each row
var<workgroup> moment_sums: array<f32, threads>;

fn sum_over_threads(value: f32, lane: u32) -> f32 {
  moment_sums[lane] = value;
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    workgroupBarrier(); // the upper half's sums are written
    if (lane < half) {
      moment_sums[lane] += moment_sums[lane + half];
    }
  }
  workgroupBarrier(); // the total is written
  let total = moment_sums[0];
  workgroupBarrier(); // everyone has read it
  return total;
}

fn prepare_input(num_rows: u32, lane: u32) {
  const vecs = in_dim / VEC;
  let ones = Vec(1.0);
  for (var r = 0u; r < num_rows; r++) {
    var sum = 0.0;
    for (var i = lane; i < vecs; i += threads) {
      sum += dot_vec(x[r][i], ones);
    }
    let mean = sum_over_threads(sum, lane) / f32(in_dim);
    var squares = 0.0;
    for (var i = lane; i < vecs; i += threads) {
      let centred = x[r][i] - Vec(mean);
      squares += dot_vec(centred, centred);
    }
    let variance = sum_over_threads(squares, lane) / f32(in_dim);
    if (lane == 0u) {
      moments[r] = vec2(mean, 1.0 / sqrt(variance + eps));
    }
  }
  workgroupBarrier(); // the moments are written
}

fn input(row: u32, i: u32) -> Vec {
  let centred = x[row][i] - Vec(moments[row].x);
  return centred * moments[row].y * scale[i] + shift[i];
}
