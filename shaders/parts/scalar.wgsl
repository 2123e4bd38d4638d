// Rows are read one value at a time: for rows whose length is no multiple of four.
alias Chunk = f32;
alias Four = vec4<f32>; // chunks of four rows
const CHUNK = 1u;

fn chunk_dot(a: Chunk, b: Chunk) -> f32 {
  return a * b;
}

// The products of one chunk with four.
fn products(four: Four, chunk: Chunk) -> vec4<f32> {
  return chunk * four;
}
