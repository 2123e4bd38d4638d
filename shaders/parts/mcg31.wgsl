// mcg31: computes the multiplicative congruential generator of PyTorch's dropout on Intel processors
//   state(i) = A^i * seed mod M,   A = 1132489760,   M = 2^31 - 1
// Repeated squaring reaches the state of any element, so each thread draws its own.
// Reference: src/reference/dropout.ts
const MCG31_M = 0x7fffffffu;
const MCG31_A = 1132489760u;

// a * b mod M for a, b < M: 16-bit halves make up the 62-bit product, in which 2^31 counts as 1.
fn mul_mod(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let mid_1 = (a >> 16u) * (b & 0xffffu);
  let mid_2 = (a & 0xffffu) * (b >> 16u);
  let carry = (low >> 16u) + (mid_1 & 0xffffu) + (mid_2 & 0xffffu);
  let low_word = (carry << 16u) | (low & 0xffffu);
  let high_word = (a >> 16u) * (b >> 16u) + (mid_1 >> 16u) + (mid_2 >> 16u) + (carry >> 16u);
  let sum = ((high_word << 1u) | (low_word >> 31u)) + (low_word & MCG31_M);
  return select(sum, sum - MCG31_M, sum >= MCG31_M);
}

fn mcg31_state(seed: u32, i: u32) -> u32 {
  var state = seed;
  var power = MCG31_A;
  for (var bits = i; bits != 0u; bits >>= 1u) {
    if ((bits & 1u) == 1u) {
      state = mul_mod(state, power);
    }
    power = mul_mod(power, power);
  }
  return state;
}
