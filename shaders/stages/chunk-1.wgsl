// Rows are read one value at a time: for rows whose length is no multiple of four.
alias Chunk = f32;
const CHUNK = 1u;

fn chunk_dot(a: Chunk, b: Chunk) -> f32 {
  return a * b;
}
