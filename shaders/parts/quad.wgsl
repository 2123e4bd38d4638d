// quad: the four threads of a quad combine their values by swapping registers, without a barrier and without workgroup memory.
// Made for software adapters. Needs the feature "subgroups". Every thread of the quad must call these functions together.

// The largest of the four threads' values; all threads get it.
fn quad_max(value: vec4<f32>) -> vec4<f32> {
  let pair = max(value, quadSwapX(value));
  return max(pair, quadSwapY(pair));
}

// The sum of the four threads' values; all threads get it.
fn quad_sum(value: vec4<f32>) -> vec4<f32> {
  let pair = value + quadSwapX(value);
  return pair + quadSwapY(pair);
}

// The values of all four threads; all threads get them.
fn quad_gather(value: Vec) -> Vec4x {
  return Vec4x(quadBroadcast(value, 0u), quadBroadcast(value, 1u), quadBroadcast(value, 2u), quadBroadcast(value, 3u));
}

// Four sums over the quad, one for each thread: thread 0 gets that of the x_0, thread 1 that of the x_1. Each thread hands half
// of its values to a neighbour, twice.
fn quad_sum_of_own(x_0: Vec, x_1: Vec, x_2: Vec, x_3: Vec, lane: u32) -> Vec {
  let odd = lane % 2u == 1u;
  let high = lane > 1u;
  let low_pair = select(x_0, x_1, odd) + quadSwapX(select(x_1, x_0, odd));
  let high_pair = select(x_2, x_3, odd) + quadSwapX(select(x_3, x_2, odd));
  return select(low_pair, high_pair, high) + quadSwapY(select(high_pair, low_pair, high));
}

// Four weighted sums of the values of all four threads, one for each thread; `factors[i]` are this thread's for thread i's sum.
fn quad_weighted(four: Vec4x, factors: mat4x4<f32>, lane: u32) -> Vec {
  return quad_sum_of_own(
    weighted(four, factors[0]), weighted(four, factors[1]), weighted(four, factors[2]), weighted(four, factors[3]), lane,
  );
}
