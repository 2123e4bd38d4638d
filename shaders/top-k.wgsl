// top-k: the k largest logits of each row, largest first (the lower id first where equal), with their probabilities
//   logits  [num_rows, vocab_size]
//   top     [num_rows, k, 3]           id, bits of the logit, bits of softmax(logits)[id] over the whole vocabulary
// One workgroup a row. Round by round each thread looks for the best of its stride that comes after the last one
// found, and the best of all is written. Needs k <= vocab_size.
// Notebook: torch.softmax, torch.topk · Reference: src/reference/top-k.ts
const threads = 256u;
const lowest = -3.4028234e38;

struct Dims {
  num_rows: u32,
  vocab_size: u32,
  k: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> top: array<u32>;

var<workgroup> best_logit: array<f32, threads>;
var<workgroup> best_id: array<u32, threads>;
var<workgroup> partial: array<f32, threads>;

// Whether (logit, id) stands before (other_logit, other_id) in the order of the result.
fn before(logit: f32, id: u32, other_logit: f32, other_id: u32) -> bool {
  return logit > other_logit || (logit == other_logit && id < other_id);
}

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let first = row * dims.vocab_size;
  let none = dims.vocab_size; // an id after all others
  var last_logit = 0.0;
  var last_id = none;
  var maximum = 0.0;
  var total = 0.0;

  for (var rank = 0u; rank < dims.k; rank++) {
    var logit = lowest;
    var id = none;
    for (var i = lane; i < dims.vocab_size; i += threads) {
      let candidate = logits[first + i];
      let fresh = rank == 0u || before(last_logit, last_id, candidate, i);
      if (fresh && before(candidate, i, logit, id)) {
        logit = candidate;
        id = i;
      }
    }
    best_logit[lane] = logit;
    best_id[lane] = id;
    for (var half = threads / 2u; half > 0u; half /= 2u) {
      workgroupBarrier(); // the upper half's best are written
      let other = lane + half;
      if (lane < half && before(best_logit[other], best_id[other], best_logit[lane], best_id[lane])) {
        best_logit[lane] = best_logit[other];
        best_id[lane] = best_id[other];
      }
    }
    workgroupBarrier(); // the best is written
    last_logit = best_logit[0];
    last_id = best_id[0];
    workgroupBarrier(); // everyone has read it

    if (rank == 0u) {
      maximum = last_logit;
      for (var i = lane; i < dims.vocab_size; i += threads) {
        total += exp(logits[first + i] - maximum);
      }
      partial[lane] = total;
      for (var half = threads / 2u; half > 0u; half /= 2u) {
        workgroupBarrier(); // the upper half's sums are written
        if (lane < half) {
          partial[lane] += partial[lane + half];
        }
      }
      workgroupBarrier(); // the sum is written
      total = partial[0];
    }
    if (lane == 0u) {
      let at = (row * dims.k + rank) * 3u;
      top[at] = last_id;
      top[at + 1u] = bitcast<u32>(last_logit);
      top[at + 2u] = bitcast<u32>(exp(last_logit - maximum) / total);
    }
  }
}
