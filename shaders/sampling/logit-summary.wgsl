// logit-summary: what the logits of a row look like, without reading them back: their ends, ln of the sum of exp(x - max), the
// entropy of their softmax in bits, and how many lie in each of 48 equal parts of [min, max]
//   logits   [num_rows, vocab_size], finite
//   moments  [num_rows, num_blocks]    as logit-moments wrote them
//   summary  [num_rows, 52]            bits of min, max, ln_sum and entropy, then 48 counts
//   entropy = -sum of p log2(p), where p = exp(x - max) / sum, so that ln(p) = (x - max) - ln_sum
// One workgroup counts one block of 4,096 logits; each finds the row's ends by itself, and the first one stores the numbers. Made
// for every adapter.
// Notebook: torch.softmax · Reference: src/reference/logit-summary.ts
const ln_2 = 0.6931471805599453;

@group(0) @binding(2) var<storage, read> moments: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> summary: array<atomic<u32>>;

var<workgroup> counts: array<atomic<u32>, BINS>;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y;
  var own_ends = vec2(highest, lowest);
  for (var block = lane; block < grid.x; block += threads) {
    let moment = moments[row * grid.x + block];
    own_ends = vec2(min(own_ends.x, moment.x), max(own_ends.y, moment.y));
  }
  let ends = ends_of_threads(lane, own_ends);

  // A block's sums are of exp(x - its max): they count exp(its max - max) times.
  var own_sums = vec2(0.0);
  for (var block = lane; block < grid.x; block += threads) {
    let moment = moments[row * grid.x + block];
    let below = moment.y - ends.y;
    own_sums += exp(below) * vec2(moment.z, moment.w + below * moment.z);
  }
  let sums = sums_of_threads(lane, own_sums);

  var per_unit = 0.0; // all in the first part where all logits are the same
  if (ends.y > ends.x) {
    per_unit = f32(BINS) / (ends.y - ends.x);
  }
  let first = row * dims.vocab_size + group.x * BLOCK + lane;
  let end = (row + 1u) * dims.vocab_size; // the last block is not full
  for (var i = 0u; i < LOGITS; i++) {
    if (first + i * threads < end) {
      let bin = u32((logits[first + i * threads] - ends.x) * per_unit);
      atomicAdd(&counts[min(bin, BINS - 1u)], 1u);
    }
  }
  workgroupBarrier(); // the block is counted

  let at = row * SUMMARY_WORDS;
  if (lane < BINS) {
    atomicAdd(&summary[at + NUMBERS + lane], atomicLoad(&counts[lane]));
  }
  if (group.x == 0u && lane == 0u) {
    let ln_sum = log(sums.x);
    atomicStore(&summary[at], bitcast<u32>(ends.x));
    atomicStore(&summary[at + 1u], bitcast<u32>(ends.y));
    atomicStore(&summary[at + 2u], bitcast<u32>(ln_sum));
    atomicStore(&summary[at + 3u], bitcast<u32>((ln_sum - sums.y / sums.x) / ln_2));
  }
}
