// The sum over a workgroup of 64 threads: inside each subgroup in registers, then the few subgroups through memory.
// `lane` counts threads in the order of local_invocation_index, and so do subgroups of a flat workgroup.
var<workgroup> partial: array<vec4<f32>, 64>; // one entry a subgroup; a subgroup may be a single thread

fn sum_over_workgroup(value: vec4<f32>, lane: u32) -> vec4<f32> {
  let sum = subgroupAdd(value);
  let size = subgroupAdd(1u); // threads of this subgroup
  if (subgroupElect()) {
    partial[lane / size] = sum;
  }
  workgroupBarrier(); // every subgroup's sum is written
  var total = vec4(0.0);
  for (var i = 0u; i < 64u / size; i++) {
    total += partial[i];
  }
  workgroupBarrier(); // everyone has read them: partial may be used again
  return total;
}
