// Rows are read four neighbours at a time: for rows whose length is a multiple of four.
alias Chunk = vec4<f32>;
alias Four = mat4x4<f32>; // chunks of four rows
const CHUNK = 4u;

fn chunk_dot(a: Chunk, b: Chunk) -> f32 {
  return dot(a, b);
}

// The dot products of one chunk with four.
fn products(four: Four, chunk: Chunk) -> vec4<f32> {
  return chunk * four;
}
