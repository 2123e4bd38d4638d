// top-k: the k largest logits of each row, largest first (the lower id first where equal), with their probabilities
//   logits  [num_rows, vocab_size]
//   top     [num_rows, k, 3]           id, bits of the logit, bits of softmax(logits)[id] over the whole vocabulary
//   chosen  [num_rows]                 the id of the first of them, which is argmax's
// One workgroup a row. Each thread knows the best of its stride; round by round the best of all threads is written,
// and only the thread that had it looks for its next. Needs 1 <= k <= vocab_size.
// Notebook: torch.softmax, torch.topk · Reference: src/reference/top-k.ts
const threads = 256u;
const heats = 16u; // the best of 256 is found in two steps: the best of each sixteen, then the best of those
const lowest = -3.4028234e38;

struct Dims {
  num_rows: u32,
  vocab_size: u32,
  k: u32,
}

struct Candidate {
  logit: f32,
  id: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> top: array<u32>;
@group(0) @binding(3) var<storage, read_write> chosen: array<u32>;

var<workgroup> best_of_thread: array<Candidate, threads>;
var<workgroup> best_of_heat: array<Candidate, heats>;
var<workgroup> partial: array<f32, threads>;

// Whether a stands before b in the order of the result.
fn before(a: Candidate, b: Candidate) -> bool {
  return a.logit > b.logit || (a.logit == b.logit && a.id < b.id);
}

// The best of a thread's stride: of all of it in the first round, later of what comes after `last`.
fn best_of_stride(row: u32, lane: u32, rank: u32, last: Candidate) -> Candidate {
  var best = Candidate(lowest, dims.vocab_size); // an id after all others
  for (var i = lane; i < dims.vocab_size; i += threads) {
    let candidate = Candidate(logits[row * dims.vocab_size + i], i);
    if ((rank == 0u || before(last, candidate)) && before(candidate, best)) {
      best = candidate;
    }
  }
  return best;
}

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let first = row * dims.vocab_size;
  var last: Candidate;
  var own: Candidate;
  var maximum = 0.0;
  var total = 0.0;

  for (var rank = 0u; rank < dims.k; rank++) {
    if (rank == 0u || own.id == last.id) {
      own = best_of_stride(row, lane, rank, last);
    }
    best_of_thread[lane] = own;
    workgroupBarrier(); // every thread's best is written, and those of the last round's heats are read
    if (lane < heats) {
      var best = best_of_thread[lane];
      for (var i = lane + heats; i < threads; i += heats) {
        if (before(best_of_thread[i], best)) {
          best = best_of_thread[i];
        }
      }
      best_of_heat[lane] = best;
    }
    workgroupBarrier(); // every heat's best is written, and those of the threads are read
    last = best_of_heat[0];
    for (var i = 1u; i < heats; i++) {
      if (before(best_of_heat[i], last)) {
        last = best_of_heat[i];
      }
    }

    if (rank == 0u) {
      maximum = last.logit;
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
      let id = min(last.id, dims.vocab_size - 1u); // where no logit is a number, no id was ever better
      let at = (row * dims.k + rank) * 3u;
      top[at] = id;
      top[at + 1u] = bitcast<u32>(last.logit);
      top[at + 2u] = bitcast<u32>(exp(last.logit - maximum) / total);
      if (rank == 0u) {
        chosen[row] = id;
      }
    }
  }
}
