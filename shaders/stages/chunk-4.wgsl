// Rows are read four neighbours at a time: for rows whose length is a multiple of four.
alias Chunk = vec4<f32>;
const CHUNK = 4u;

fn chunk_dot(a: Chunk, b: Chunk) -> f32 {
  return dot(a, b);
}
