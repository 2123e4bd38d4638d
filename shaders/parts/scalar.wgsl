// Rows are read one value at a time: for rows whose length is no multiple of four.
alias Vec = f32;
alias Vec4x = vec4<f32>; // vecs of four rows
const VEC = 1u;

fn dot_vec(a: Vec, b: Vec) -> f32 {
  return a * b;
}

// The products of one value with four.
fn dot4(four: Vec4x, vec: Vec) -> vec4<f32> {
  return vec * four;
}

// The sum of four values, each times its weight.
fn weighted(four: Vec4x, weights: vec4<f32>) -> Vec {
  return dot(four, weights);
}
