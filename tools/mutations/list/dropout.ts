import { kernel, logits, type Mutation } from "../mutation.ts";

export const dropout: Mutation[] = [
  {
    name: "dropout: its stream begins where the weights began",
    file: "src/weights/seed/seeded.ts",
    find: "return jumped(MersenneTwister.seeded(this.seed), draws);",
    replace: "return jumped(MersenneTwister.seeded(this.seed), 0 * draws);",
    suite: logits,
  },
  {
    name: "dropout: a draw too many in every block",
    file: "src/model/multi-head-attention.ts",
    find: "this.W_qkv.forwardToCache(pass, x, this.layer);",
    replace: "this.W_qkv.forwardToCache(pass, x, this.layer);\n    pass.dropout?.next();",
    suite: logits,
  },
  {
    name: "dropout: another multiplier",
    file: "shaders/parts/mcg31.wgsl",
    find: "const MCG31_A = 1132489760u;",
    replace: "const MCG31_A = 1132489761u;",
    suite: kernel("dropout"),
  },
  {
    name: "dropout: keeps what it should drop",
    file: "shaders/embedding/dropout.wgsl",
    find: "mcg31_state(dims.dropout_seed, i) < dims.keep_threshold",
    replace: "mcg31_state(dims.dropout_seed, i) >= dims.keep_threshold",
    suite: kernel("dropout"),
  },
  {
    name: "dropout: attention's weights are not scaled up",
    file: "shaders/parts/attention.wgsl",
    find: "select(0.0, weight / bitcast<f32>(dims.keep_prob_bits), dropout_mask)",
    replace: "select(0.0, weight, dropout_mask)",
    suite: logits,
  },
];
