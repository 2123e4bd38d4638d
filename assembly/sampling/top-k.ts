// top-k: the k largest logits of each row, largest first (the lower id first where equal), with their probabilities
//   logits  [num_rows, vocab_size]
//   top     [num_rows, k, 3]           id, bits of the logit, bits of softmax(logits)[id] over the whole vocabulary
//   chosen  [num_rows]                 the id of the first of them, which is argmax's
// One walk along the row: a logit that is larger than the last of the best so far takes its place among them, which soon is
// rare, so that four at a time are passed over. Needs 1 <= k <= vocab_size. A share of it is rows from .. to.
// Notebook: torch.softmax, torch.topk · Reference: src/reference/top-k.ts · Shader: shaders/sampling/top-k.wgsl
import { exp } from "../parts/exp";
import { sumOfExp } from "../parts/rows";
import { inVecs } from "../parts/vec";

const CANDIDATE_BYTES: usize = 12;
const LOGIT: usize = 4; // bytes into a candidate
const PROBABILITY: usize = 8;

export function topK(
  logits: usize,
  top: usize,
  chosen: usize,
  num_rows: u32,
  vocab_size: u32,
  k: u32,
  from: u32,
  to: u32,
): void {
  for (let row = from; row < to; row++) {
    const x: usize = logits + <usize>4 * vocab_size * row;
    const best: usize = top + CANDIDATE_BYTES * k * row;
    const end: usize = best + CANDIDATE_BYTES * k;
    collect(x, best, end, vocab_size, k);
    const largest = load<f32>(best, LOGIT);
    const sum = sumOfExp(x, largest, vocab_size);
    for (let at = best; at < end; at += CANDIDATE_BYTES) {
      store<f32>(at, exp(load<f32>(at, LOGIT) - largest) / sum, PROBABILITY);
    }
    store<u32>(chosen + 4 * row, load<u32>(best));
  }
}

function collect(x: usize, best: usize, end: usize, vocab_size: u32, k: u32): void {
  for (let id: u32 = 0; id < k; id++) insert(x, id, best, best + CANDIDATE_BYTES * id);
  const last = end - CANDIDATE_BYTES;
  const vecs = k + inVecs(vocab_size - k);
  let id = k;
  for (; id < vecs; id += 4) {
    const larger = f32x4.gt(v128.load(x + 4 * id), v128.load32_splat(last, LOGIT));
    if (v128.any_true(larger)) {
      for (let i = id; i < id + 4; i++) insertIfLarger(x, i, best, last);
    }
  }
  for (; id < vocab_size; id++) insertIfLarger(x, id, best, last);
}

function insertIfLarger(x: usize, id: u32, best: usize, last: usize): void {
  if (load<f32>(x + 4 * id) > load<f32>(last, LOGIT)) insert(x, id, best, last);
}

/** Puts a candidate in its place; those behind it move on, and the one at `free` is written over. */
function insert(x: usize, id: u32, best: usize, free: usize): void {
  const logit = load<f32>(x + 4 * id);
  while (free > best && logit > load<f32>(free - CANDIDATE_BYTES, LOGIT)) {
    store<u64>(free, load<u64>(free - CANDIDATE_BYTES));
    free -= CANDIDATE_BYTES;
  }
  store<u32>(free, id);
  store<f32>(free, logit, LOGIT);
}
