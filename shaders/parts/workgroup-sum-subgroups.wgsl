// workgroup-sum-subgroups: adds up one value of each thread of a workgroup, within each subgroup in registers, then the sums of
// the subgroups through memory. Made for graphics cards with the feature "subgroups".
// `lane` counts threads in the order of local_invocation_index, and so do subgroups of a flat workgroup.
var<workgroup> partial: array<vec4<f32>, threads>; // one entry a subgroup; a subgroup may be a single thread

fn sum_over_workgroup(value: vec4<f32>, lane: u32) -> vec4<f32> {
  let sum = subgroupAdd(value);
  let size = subgroupAdd(1u); // threads of this subgroup
  if (subgroupElect()) {
    partial[lane / size] = sum;
  }
  workgroupBarrier(); // every subgroup's sum is written
  var total = vec4(0.0);
  for (var i = 0u; i < threads / size; i++) {
    total += partial[i];
  }
  workgroupBarrier(); // everyone has read them: partial may be used again
  return total;
}
