// prologue-plain: a product reads the rows of x as they are.
//   x  [num_rows, in_dim]
@group(0) @binding(1) var<storage, read> x: array<array<Vec, in_dim / VEC>>;

fn prepare_input(num_rows: u32, lane: u32) {}

fn input(row: u32, i: u32) -> Vec {
  return x[row][i];
}
