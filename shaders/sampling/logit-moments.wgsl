// logit-moments: of each block of 4,096 logits the ends, sum of exp(x - max) and sum of (x - max) * exp(x - max)
//   logits   [num_rows, vocab_size], finite
//   moments  [num_rows, num_blocks]    min, max and both sums, for logit-summary
//   summary  [num_rows, 52]            its counts begin as 0, for logit-summary to count in
// One workgroup reads one block, so that 13 of them share a row of 50,257; its threads stride over the block. Made for every
// adapter.
// Notebook: torch.softmax · Reference: src/reference/logit-summary.ts
@group(0) @binding(2) var<storage, read_write> moments: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> summary: array<u32>;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y;
  let first = row * dims.vocab_size + group.x * BLOCK + lane;
  let end = (row + 1u) * dims.vocab_size; // the last block is not full

  var own_ends = vec2(highest, lowest);
  for (var i = 0u; i < LOGITS; i++) {
    if (first + i * threads < end) {
      let logit = logits[first + i * threads];
      own_ends = vec2(min(own_ends.x, logit), max(own_ends.y, logit));
    }
  }
  let ends = ends_of_threads(lane, own_ends);

  var own_sums = vec2(0.0);
  for (var i = 0u; i < LOGITS; i++) {
    if (first + i * threads < end) {
      let below = logits[first + i * threads] - ends.y;
      let weight = exp(below);
      own_sums += vec2(weight, below * weight);
    }
  }
  let sums = sums_of_threads(lane, own_sums);

  if (lane == 0u) {
    moments[row * grid.x + group.x] = vec4(ends, sums);
  }
  if (group.x == 0u && lane < BINS) {
    summary[row * SUMMARY_WORDS + NUMBERS + lane] = 0u;
  }
}
