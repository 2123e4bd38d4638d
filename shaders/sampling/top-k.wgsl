// top-k: the k largest logits of each row, largest first (the lower id first where equal), with their probabilities
//   logits  [num_rows, vocab_size]
//   top     [num_rows, k, 3]           id, bits of the logit, bits of softmax(logits)[id] over the whole vocabulary
//   chosen  [num_rows]                 the id of the first of them, which is argmax's
// One workgroup searches one row. Each thread finds the best of its stride; round by round the best of all threads is
// written, and only the thread that had it searches for its next. Needs 1 <= k <= vocab_size. Made for every adapter; a graphics
// card is busier with top-k-blocks and top-k-merge.
// Notebook: torch.softmax, torch.topk · Reference: src/reference/top-k.ts

struct Dims {
  num_rows: u32,
  vocab_size: u32,
  k: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> top: array<u32>;
@group(0) @binding(3) var<storage, read_write> chosen: array<u32>;

// The ids of four neighbours in a thread's stride, some of them past the end.
fn four_ids(i: u32) -> vec4<u32> {
  return vec4(i) + vec4(0u, 1u, 2u, 3u) * threads;
}

// Four loads that need not wait for each other.
fn four_logits(row: u32, ids: vec4<u32>) -> vec4<f32> {
  let at = row * dims.vocab_size + ids;
  return vec4(logits[at.x], logits[at.y], logits[at.z], logits[at.w]);
}

fn best_of_stride(row: u32, lane: u32, rank: u32, last: Candidate) -> Candidate {
  var best = Candidate(lowest, dims.vocab_size); // an id after all others
  for (var i = lane; i < dims.vocab_size; i += 4u * threads) {
    let ids = min(four_ids(i), vec4(dims.vocab_size - 1u)); // repeats of the last id are no better than it
    let four = four_logits(row, ids);
    best = better(best, Candidate(four.x, ids.x), rank, last);
    best = better(best, Candidate(four.y, ids.y), rank, last);
    best = better(best, Candidate(four.z, ids.z), rank, last);
    best = better(best, Candidate(four.w, ids.w), rank, last);
  }
  return best;
}

// The stride's part of softmax's denominator.
fn sum_of_stride(row: u32, lane: u32, maximum: f32) -> f32 {
  var sums = vec4(0.0);
  for (var i = lane; i < dims.vocab_size; i += 4u * threads) {
    let ids = four_ids(i);
    let four = four_logits(row, min(ids, vec4(dims.vocab_size - 1u)));
    sums += select(vec4(0.0), exp(four - maximum), ids < vec4(dims.vocab_size));
  }
  return sums.x + sums.y + sums.z + sums.w;
}

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  var last: Candidate;
  var own: Candidate;
  var maximum = 0.0;
  var total = 0.0;

  for (var rank = 0u; rank < dims.k; rank++) {
    if (rank == 0u || own.id == last.id) {
      own = best_of_stride(row, lane, rank, last);
    }
    last = best_of_threads(lane, own);
    if (rank == 0u) {
      maximum = last.logit;
      total = sum_of_threads(lane, sum_of_stride(row, lane, maximum));
    }
    if (lane == 0u) {
      let id = min(last.id, dims.vocab_size - 1u); // where no logit is a number, no id was better than the initial one
      let at = (row * dims.k + rank) * CANDIDATE_WORDS;
      top[at] = id;
      top[at + 1u] = bitcast<u32>(last.logit);
      top[at + 2u] = bitcast<u32>(exp(last.logit - maximum) / total);
      if (rank == 0u) {
        chosen[row] = id;
      }
    }
  }
}
