// argmax: chosen = the id of the largest logit, the lowest id where several are equal, for each row
//   logits  [num_rows, vocab_size]
//   chosen  [num_rows]
// One workgroup searches one row: its threads stride over the vocabulary, then the upper half of them hands its best to the
// lower half, until one thread is left. Made for every adapter.
// Notebook: torch.argmax · Reference: src/reference/argmax.ts
const threads = 256u;

struct Dims {
  num_rows: u32,
  vocab_size: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> chosen: array<u32>;

var<workgroup> best_logit: array<f32, threads>;
var<workgroup> best_id: array<u32, threads>;

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let first = row * dims.vocab_size;
  // Threads past the end of a small vocabulary repeat its last id, which changes no maximum.
  var id = min(lane, dims.vocab_size - 1u);
  var logit = logits[first + id];
  for (var i = lane + threads; i < dims.vocab_size; i += threads) {
    let candidate = logits[first + i];
    if (candidate > logit) {
      logit = candidate;
      id = i;
    }
  }
  best_logit[lane] = logit;
  best_id[lane] = id;
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    workgroupBarrier(); // the upper half's best are written
    if (lane < half) {
      let other = lane + half;
      let wins = best_logit[other] > best_logit[lane];
      let ties = best_logit[other] == best_logit[lane] && best_id[other] < best_id[lane];
      if (wins || ties) {
        best_logit[lane] = best_logit[other];
        best_id[lane] = best_id[other];
      }
    }
  }
  if (lane == 0u) {
    chosen[row] = best_id[0];
  }
}
