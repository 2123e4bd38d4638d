// best-of-threads: the best candidate of a workgroup's 128 threads, and sums over them. Both take two steps: one thread
// looks at 16 others, and every thread at the 8 that did. Made for every adapter.
const threads = 128u;
const groups = 8u;
const CANDIDATE_WORDS = 3u; // of the result: id, bits of the logit, bits of the probability
const lowest = -3.4028234e38;

struct Candidate {
  logit: f32,
  id: u32,
}

// Candidates, and once sums in the place of their logits. Few words on purpose: workgroup memory begins as zero, and some
// adapters compile a store for each of them.
var<workgroup> thread_best: array<Candidate, threads>;
var<workgroup> group_best: array<Candidate, groups>;

// Whether a stands before b in the order of the result.
fn before(a: Candidate, b: Candidate) -> bool {
  return a.logit > b.logit || (a.logit == b.logit && a.id < b.id);
}

// The better of two candidates. The other counts only if no earlier round took it: then it stands after `last`.
fn better(best: Candidate, other: Candidate, rank: u32, last: Candidate) -> Candidate {
  if ((rank == 0u || before(last, other)) && before(other, best)) {
    return other;
  }
  return best;
}

// The best of what each thread has.
fn best_of_threads(lane: u32, own: Candidate) -> Candidate {
  thread_best[lane] = own;
  workgroupBarrier(); // every thread's best is written, and what the groups had before is read
  if (lane < groups) {
    var best = thread_best[lane];
    for (var i = lane + groups; i < threads; i += groups) {
      if (before(thread_best[i], best)) {
        best = thread_best[i];
      }
    }
    group_best[lane] = best;
  }
  workgroupBarrier(); // every group's best is written, and the best of the threads are read
  var best = group_best[0];
  for (var i = 1u; i < groups; i++) {
    if (before(group_best[i], best)) {
      best = group_best[i];
    }
  }
  return best;
}

// The sum of what each thread has.
fn sum_of_threads(lane: u32, own: f32) -> f32 {
  thread_best[lane].logit = own;
  workgroupBarrier(); // every thread's sum is written, and what the groups had before is read
  if (lane < groups) {
    var sum = 0.0;
    for (var i = lane; i < threads; i += groups) {
      sum += thread_best[i].logit;
    }
    group_best[lane].logit = sum;
  }
  workgroupBarrier(); // every group's sum is written, and the sums of the threads are read
  var total = 0.0;
  for (var i = 0u; i < groups; i++) {
    total += group_best[i].logit;
  }
  return total;
}
