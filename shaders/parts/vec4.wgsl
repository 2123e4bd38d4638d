// vec4: a kernel reads its rows four neighbours at a time. Made for rows whose length is a multiple of four.
alias Vec = vec4<f32>;
alias Vec4x = mat4x4<f32>; // vecs of four rows
const VEC = 4u;

fn dot_vec(a: Vec, b: Vec) -> f32 {
  return dot(a, b);
}

// The dot products of one vec with four.
fn dot4(four: Vec4x, vec: Vec) -> vec4<f32> {
  return vec * four;
}

// The sum of four vecs, each times its factor.
fn weighted(four: Vec4x, factors: vec4<f32>) -> Vec {
  return four * factors;
}
