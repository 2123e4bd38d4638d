// epilogue-linear: stores y[row, feature] = gelu(x · wᵀ + bias) + shortcut, where each step is compiled in or left out
//   bias          [out_dim of the whole tensor]
//   shortcut, y   [num_rows, y_dim]
// A weight tensor that is larger than one binding comes in parts, a dispatch each: this one computes the columns
// first_out .. first_out + out_dim of y.
override has_bias: bool = false;
override has_gelu: bool = false;
override has_shortcut: bool = false;

const w_values = out_dim * in_dim; // specialization constants, appended to this source for each shape of w

struct Dims {
  num_rows: u32,
  first_out: u32,
  y_dim: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read> shortcut: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

fn store(row: u32, feature: u32, product: f32) {
  let column = dims.first_out + feature;
  let at = row * dims.y_dim + column;
  var value = product;
  if (has_bias) {
    value += bias[column];
  }
  if (has_gelu) {
    value = gelu(value);
  }
  if (has_shortcut) {
    value += shortcut[at];
  }
  y[at] = value;
}
