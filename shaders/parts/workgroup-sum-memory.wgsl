// workgroup-sum-memory: adds up one value of each thread of a workgroup, through workgroup memory. Made for adapters without
// the feature "subgroups".
var<workgroup> partial: array<vec4<f32>, threads>;

fn sum_over_workgroup(value: vec4<f32>, lane: u32) -> vec4<f32> {
  partial[lane] = value;
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    workgroupBarrier(); // the upper half's sums are written
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
  }
  workgroupBarrier(); // the total is written
  let total = partial[0];
  workgroupBarrier(); // everyone has read it: partial may be used again
  return total;
}
