// scalar: a kernel reads its rows one value at a time. Made for rows whose length is no multiple of four.
alias Vec = f32;
alias Vec4x = vec4<f32>; // vecs of four rows
const VEC = 1u;

fn dot_vec(a: Vec, b: Vec) -> f32 {
  return a * b;
}

// The dot products of one value with four: here plain products.
fn dot4(four: Vec4x, vec: Vec) -> vec4<f32> {
  return vec * four;
}

// The sum of four values, each times its factor.
fn weighted(four: Vec4x, factors: vec4<f32>) -> Vec {
  return dot(four, factors);
}
