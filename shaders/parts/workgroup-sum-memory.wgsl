// The sum over a workgroup of 64 threads, through workgroup memory: works everywhere.
var<workgroup> partial: array<vec4<f32>, 64>;

fn sum_over_workgroup(value: vec4<f32>, lane: u32) -> vec4<f32> {
  partial[lane] = value;
  for (var half = 32u; half > 0u; half /= 2u) {
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
