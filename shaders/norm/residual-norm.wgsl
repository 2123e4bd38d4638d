// residual-norm: norms = sqrt(sum of x squared) for each token, and the last token's x as it is
//   x      [num_tokens, emb_dim]     the residual stream after `layer` blocks
//   norms  [n_layers + 1, shown]     of this layer; tokens first .. num_tokens
//   last   [n_layers + 1, emb_dim]   of this layer
// The next block overwrites the residual stream, so an inspected pass saves this much of it. One workgroup computes the norm
// of one token; its threads stride over emb_dim. Made for every adapter.
// Reference: src/reference/residual-norm.ts
const threads = 64u;

struct Dims {
  num_tokens: u32,
  emb_dim: u32,
  layer: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> norms: array<f32>;
@group(0) @binding(3) var<storage, read_write> last: array<f32>;

var<workgroup> partial: array<f32, threads>;

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let token = dims.first + group.x;
  let is_last = token + 1u == dims.num_tokens;

  var squares = 0.0;
  for (var i = lane; i < dims.emb_dim; i += threads) {
    let value = x[token * dims.emb_dim + i];
    squares += value * value;
    if (is_last) {
      last[dims.layer * dims.emb_dim + i] = value;
    }
  }
  partial[lane] = squares;
  workgroupBarrier(); // all sums are written
  if (lane == 0u) {
    var total = 0.0;
    for (var i = 0u; i < threads; i++) {
      total += partial[i];
    }
    norms[dims.layer * (dims.num_tokens - dims.first) + group.x] = sqrt(total);
  }
}
