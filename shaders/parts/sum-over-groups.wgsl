// sum-over-groups: adds up what the groups of a workgroup of flash-decoding have summed, each over its own keys
const lanes = 16u;  // threads of a group, which share a key
const groups = 16u; // keys that are read side by side
const threads = lanes * groups;

struct Sums {
  context_vec: vec4<f32>, // sum of weight * value, of the lane's vec
  total: f32,             // sum of weight
}

var<workgroup> own_context_vecs: array<vec4<f32>, threads>; // [groups, lanes]
var<workgroup> own_totals: array<f32, groups>;

// All threads call it, with what they have summed; each gets the sums of its lane.
fn sum_over_groups(own: Sums, thread: u32) -> Sums {
  own_context_vecs[thread] = own.context_vec;
  if (thread % lanes == 0u) {
    own_totals[thread / lanes] = own.total;
  }
  workgroupBarrier(); // what each group has summed is written
  var sums = Sums();
  for (var i = 0u; i < groups; i++) {
    sums.context_vec += own_context_vecs[i * lanes + thread % lanes];
    sums.total += own_totals[i];
  }
  return sums;
}
