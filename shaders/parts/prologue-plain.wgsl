// The rows that are multiplied, as they are.
//   x  [num_rows, in_dim]
@group(0) @binding(1) var<storage, read> x: array<array<Chunk, in_dim / CHUNK>>;

fn prepare_input(rows: u32, lane: u32) {}

fn input(row: u32, i: u32) -> Chunk {
  return x[row][i];
}
