// top-k-merge: the k largest logits of each row from those of its blocks, largest first (the lower id first where equal), with
// their probabilities
//   candidates  [num_rows, num_blocks, k, 2]  as top-k-blocks wrote them
//   sums        [num_rows, num_blocks]
//   top         [num_rows, k, 3]              id, bits of the logit, bits of softmax(logits)[id] over the whole vocabulary
//   chosen      [num_rows]                    the id of the first of them, which is argmax's
// A block's sum is of exp(logit - its largest logit): it counts exp(its largest - the row's largest) times.
// One workgroup merges one row, round by round as in top-k. Made for graphics cards, as the blocks are.
// Notebook: torch.softmax, torch.topk · Reference: src/reference/top-k.ts

struct Dims {
  num_rows: u32,
  vocab_size: u32,
  k: u32,
  num_blocks: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> candidates: array<u32>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
@group(0) @binding(3) var<storage, read_write> top: array<u32>;
@group(0) @binding(4) var<storage, read_write> chosen: array<u32>;

fn candidate(i: u32) -> Candidate {
  return Candidate(bitcast<f32>(candidates[2u * i + 1u]), candidates[2u * i]);
}

fn best_of_stride(row: u32, lane: u32, rank: u32, last: Candidate) -> Candidate {
  let count = dims.num_blocks * dims.k;
  var best = Candidate(lowest, dims.vocab_size); // an id after all others
  for (var i = lane; i < count; i += threads) {
    best = better(best, candidate(row * count + i), rank, last);
  }
  return best;
}

// The stride's part of softmax's denominator.
fn sum_of_stride(row: u32, lane: u32, maximum: f32) -> f32 {
  var sum = 0.0;
  for (var i = lane; i < dims.num_blocks; i += threads) {
    let block = row * dims.num_blocks + i;
    sum += sums[block] * exp(candidate(block * dims.k).logit - maximum);
  }
  return sum;
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
