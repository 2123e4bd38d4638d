// What the four threads of a quad know together, handed on in registers: no barrier, no workgroup memory.
// Needs the feature "subgroups". Every thread of the quad must be there, and gets the same out.
fn quad_max(x: vec4<f32>) -> vec4<f32> {
  let pair = max(x, quadSwapX(x));
  return max(pair, quadSwapY(pair));
}

fn quad_sum(x: vec4<f32>) -> vec4<f32> {
  let pair = x + quadSwapX(x);
  return pair + quadSwapY(pair);
}

// The sum over the quad of what is this thread's: of x_0 in thread 0, of x_1 in thread 1. Each gives half away, twice.
fn quad_sum_of_own(x_0: Vec, x_1: Vec, x_2: Vec, x_3: Vec, lane: u32) -> Vec {
  let odd = lane % 2u == 1u;
  let high = lane > 1u;
  let low_pair = select(x_0, x_1, odd) + quadSwapX(select(x_1, x_0, odd));
  let high_pair = select(x_2, x_3, odd) + quadSwapX(select(x_3, x_2, odd));
  return select(low_pair, high_pair, high) + quadSwapY(select(high_pair, low_pair, high));
}
