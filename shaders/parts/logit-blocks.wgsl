// logit-blocks: a row of logits in blocks, one a workgroup; declares what both kernels of a summary share. The summary of a row is
//   [min, max, ln_sum, entropy, counts of BINS bins], as words
const threads = 64u;
const LOGITS = 64u; // of a thread
const BLOCK = LOGITS * threads;
const BINS = 48u;
const NUMBERS = 4u; // in front of the counts
const SUMMARY_WORDS = NUMBERS + BINS;
const lowest = -3.4028234e38;
const highest = 3.4028234e38;

struct Dims {
  num_rows: u32,
  vocab_size: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> logits: array<f32>;

// Values of each thread, which it shares with all others, and what eight threads have made of eight each: so that nobody reads
// more than sixteen.
const share = 8u;
var<workgroup> shared_values: array<vec2<f32>, threads>;
var<workgroup> of_share: array<vec2<f32>, threads / share>;

// The smallest and the largest of all threads.
fn ends_of_threads(lane: u32, own: vec2<f32>) -> vec2<f32> {
  shared_values[lane] = own;
  workgroupBarrier(); // every thread's ends are written
  var ends = vec2(highest, lowest);
  if (lane < threads / share) {
    for (var i = 0u; i < share; i++) {
      let value = shared_values[lane * share + i];
      ends = vec2(min(ends.x, value.x), max(ends.y, value.y));
    }
    of_share[lane] = ends;
  }
  workgroupBarrier(); // everyone has read them, and the shares' are written
  for (var i = 0u; i < threads / share; i++) {
    ends = vec2(min(ends.x, of_share[i].x), max(ends.y, of_share[i].y));
  }
  return ends;
}

// The sum over all threads.
fn sums_of_threads(lane: u32, own: vec2<f32>) -> vec2<f32> {
  shared_values[lane] = own;
  workgroupBarrier(); // every thread's sums are written
  if (lane < threads / share) {
    var sums = vec2(0.0);
    for (var i = 0u; i < share; i++) {
      sums += shared_values[lane * share + i];
    }
    of_share[lane] = sums;
  }
  workgroupBarrier(); // everyone has read them, and the shares' are written
  var sums = vec2(0.0);
  for (var i = 0u; i < threads / share; i++) {
    sums += of_share[i];
  }
  return sums;
}
