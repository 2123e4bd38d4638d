// prologue-layer-norm: a product reads the rows of x after their LayerNorm, (x - mean) / sqrt(var + eps) * scale + shift.
// Every workgroup computes the moments of the rows by itself, all its threads striding over in_dim, and adds them up as it does
// the product's sums, up to four rows at once: on a graphics card that costs less than the dispatch of a layer-norm.
//   x             [num_rows, in_dim], at most MAX_ROWS rows
//   scale, shift  [in_dim]
// Notebook: LayerNorm · Reference: src/reference/layer-norm.ts
const eps = 1e-5;

@group(0) @binding(1) var<storage, read> x: array<array<Vec, in_dim / VEC>>;
@group(0) @binding(8) var<storage, read> scale: array<Vec, in_dim / VEC>;
@group(0) @binding(9) var<storage, read> shift: array<Vec, in_dim / VEC>;

var<private> mean: vec4<f32>; // of each row
var<private> inverse_deviation: vec4<f32>;

fn prepare_input(num_rows: u32, lane: u32) {
  const vecs = in_dim / VEC;
  const rounds = (vecs + threads - 1u) / threads;
  var own = vec4(0.0);
  for (var round = 0u; round < rounds; round++) {
    let i = round * threads + lane;
    for (var r = 0u; r < num_rows; r++) {
      if (i < vecs) {
        own[r] += dot_vec(x[r][i], Vec(1.0));
      }
    }
  }
  mean = sum_over_workgroup(own, lane) / f32(in_dim);

  own = vec4(0.0);
  for (var round = 0u; round < rounds; round++) {
    let i = round * threads + lane;
    for (var r = 0u; r < num_rows; r++) {
      if (i < vecs) {
        let centred = x[r][i] - Vec(mean[r]);
        own[r] += dot_vec(centred, centred);
      }
    }
  }
  inverse_deviation = 1.0 / sqrt(sum_over_workgroup(own, lane) / f32(in_dim) + eps);
}

fn input(row: u32, i: u32) -> Vec {
  let centred = x[row][i] - Vec(mean[row]);
  return centred * inverse_deviation[row] * scale[i] + shift[i];
}
