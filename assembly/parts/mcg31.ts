// mcg31: the multiplicative congruential generator of PyTorch's dropout on Intel processors
//   state(i) = A^i * seed mod M,   A = 1132489760,   M = 2^31 - 1
// Reference: src/reference/dropout.ts · Shader: shaders/parts/mcg31.wgsl
const M: u32 = 0x7fffffff;
const A: u32 = 1132489760;

/** a * b mod M for a, b < M: in the product 2^31 counts as 1. */
function mulMod(a: u32, b: u32): u32 {
  const product = <u64>a * <u64>b;
  const sum = <u32>(product >> 31) + (<u32>product & M);
  return sum >= M ? sum - M : sum;
}

/** The state of element `i`, counted from the one whose state is `seed`: by repeated squaring. */
export function stateAt(seed: u32, i: u32): u32 {
  let state = seed;
  let power = A;
  for (let bits = i; bits !== 0; bits >>= 1) {
    if (bits & 1) state = mulMod(state, power);
    power = mulMod(power, power);
  }
  return state;
}

export function nextState(state: u32): u32 {
  return mulMod(state, A);
}

/** Four values after dropout, value * dropout_mask / keep_prob; `state` is that of the first. */
export function keepWeights(values: v128, state: u32, keep_threshold: u32, keep_prob: f32): v128 {
  const state_1 = nextState(state);
  const state_2 = nextState(state_1);
  const states = i32x4(state, state_1, state_2, nextState(state_2));
  const dropout_mask = i32x4.lt_u(states, i32x4.splat(keep_threshold));
  return v128.and(f32x4.div(values, f32x4.splat(keep_prob)), dropout_mask);
}
