import { kernel, logits, type Mutation } from "../mutation.ts";

/** What gets a product wrong: each of its kernels, and tensors in parts. */
export const products: Mutation[] = [
  {
    name: "matmul: a tile's tail counts the last vec again",
    file: "shaders/matmul/matmul-tile.wgsl",
    find: "let vec = start + depth;",
    replace: "let vec = min(start + depth, vecs - 1u);",
    suite: kernel("linear"),
  },
  {
    name: "four features: the second one twice",
    file: "shaders/parts/four-features.wgsl",
    find: "unscaled(at.z)",
    replace: "unscaled(at.y)",
    suite: logits,
  },
  {
    name: "matmul-quad-4-rows: two neighbours' rows change places",
    file: "shaders/matmul/matmul-quad-4-rows.wgsl",
    find: "block_1 += dot4(four, quadSwapX(vec));",
    replace: "block_1 += dot4(four, quadSwapY(vec));",
    suite: kernel("linear"),
  },
  {
    name: "matmul-quad-4-rows: past the last row the first again",
    file: "shaders/matmul/matmul-quad-4-rows.wgsl",
    find: "store_row(first_row + lane, feature, sums_0);",
    replace: "store_row((first_row + lane) % dims.num_rows, feature, sums_0);",
    suite: kernel("linear"),
  },
  {
    name: "int8 by blocks: the first block's scale for all",
    file: "shaders/parts/blocks-int8.wgsl",
    find: "w[block + BLOCK]",
    replace: "w[BLOCK]",
    suite: kernel("packed-weights"),
  },
  {
    name: "matvec: the first feature twice",
    file: "shaders/matmul/matvec.wgsl",
    find: "let w_1 = weight(w_at.y + i);",
    replace: "let w_1 = weight(w_at.x + i);",
    suite: logits,
  },
  {
    name: "matmul-quad: a neighbour's weights instead of another's",
    file: "shaders/matmul/matmul-quad.wgsl",
    find: "let w_3 = quadSwapDiagonal(w_0);",
    replace: "let w_3 = quadSwapY(w_0);",
    suite: kernel("linear"),
  },
  {
    name: "matmul-quad: past the end of a row the last vec again",
    file: "shaders/matmul/matmul-quad.wgsl",
    find: "select(Vec(), (*x_row)[min(i, last_vec)], i < vecs)",
    replace: "(*x_row)[min(i, last_vec)]",
    suite: kernel("linear"),
  },
  {
    name: "first_out is ignored: every part is the first",
    file: "shaders/parts/epilogue-linear.wgsl",
    find: "let column = dims.first_out + feature;",
    replace: "let column = feature;",
    suite: "gpu src/runtime/split-tensors.gpu.test.ts",
  },
  {
    name: "first_id is ignored: every part is the first",
    file: "shaders/embedding/embedding.wgsl",
    find: "weight((id - dims.first_id) * vecs + channel)",
    replace: "weight(id * vecs + channel)",
    suite: kernel("embedding"),
  },
];
