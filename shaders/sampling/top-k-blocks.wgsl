// top-k-blocks: the k largest logits of each block of 512, and its share of softmax's denominator, for top-k-merge
//   logits      [num_rows, vocab_size]
//   candidates  [num_rows, num_blocks, k, 2]  id and bits of the logit, largest first; the id is vocab_size where none is left
//   sums        [num_rows, num_blocks]        sum of exp(logit - the block's largest logit)
// One workgroup searches one block, so that 99 of them share a row of 50,257. Each thread holds four logits; round by round
// the best of all threads is written, and only the thread that had it takes its next. Made for graphics cards.
// Notebook: torch.softmax, torch.topk · Reference: src/reference/top-k.ts
const BLOCK = 4u * threads;

struct Dims {
  num_rows: u32,
  vocab_size: u32,
  k: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read_write> candidates: array<u32>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y;
  let block = row * grid.x + group.x;
  let ids = vec4(group.x * BLOCK + lane) + vec4(0u, 1u, 2u, 3u) * threads;
  let inside = ids < vec4(dims.vocab_size);
  let id = min(ids, vec4(dims.vocab_size - 1u)); // repeats of the last id are no better than it
  let at = row * dims.vocab_size + id;
  let four = vec4(logits[at.x], logits[at.y], logits[at.z], logits[at.w]);

  var last: Candidate;
  var own: Candidate;
  for (var rank = 0u; rank < dims.k; rank++) {
    if (rank == 0u || own.id == last.id) {
      own = Candidate(lowest, dims.vocab_size); // an id after all others
      own = better(own, Candidate(four.x, id.x), rank, last);
      own = better(own, Candidate(four.y, id.y), rank, last);
      own = better(own, Candidate(four.z, id.z), rank, last);
      own = better(own, Candidate(four.w, id.w), rank, last);
    }
    last = best_of_threads(lane, own);
    if (rank == 0u) {
      let terms = select(vec4(0.0), exp(four - last.logit), inside);
      let sum = sum_of_threads(lane, terms.x + terms.y + terms.z + terms.w);
      if (lane == 0u) {
        sums[block] = sum;
      }
    }
    if (lane == 0u) {
      candidates[2u * (block * dims.k + rank)] = last.id;
      candidates[2u * (block * dims.k + rank) + 1u] = bitcast<u32>(last.logit);
    }
  }
}
