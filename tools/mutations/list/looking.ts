import { inspection, kernel, type Mutation } from "../mutation.ts";

/** What shows something else than the model did. */
export const looking: Mutation[] = [
  {
    name: "attention weights of one key too many",
    file: "shaders/attention/attention-weights.wgsl",
    find: "select(dims.num_tokens, t + 1u, causal)",
    replace: "select(dims.num_tokens, t + 2u, causal)",
    suite: kernel("attention-weights"),
  },
  {
    name: "the residual stream is shown a block early",
    file: "src/model/gpt-model.ts",
    find: "inspector?.residual(pass, x, i + 1);",
    replace: "inspector?.residual(pass, x, i);",
    suite: inspection,
  },
  {
    name: "the lens looks at the first tokens, not at each layer's last",
    file: "src/runtime/inspect.ts",
    find: "network.head(pass, buffers.last,",
    replace: "network.head(pass, workspace.x,",
    suite: inspection,
  },
  {
    name: "entropy in nats, not in bits",
    file: "shaders/sampling/logit-summary.wgsl",
    find: "(ln_sum - sums.y / sums.x) / ln_2",
    replace: "ln_sum - sums.y / sums.x",
    suite: kernel("logit-summary"),
  },
  {
    name: "a block's entropy counts from its own largest logit",
    file: "shaders/sampling/logit-summary.wgsl",
    find: "moment.w + below * moment.z",
    replace: "moment.w",
    suite: kernel("logit-summary"),
  },
  {
    name: "a histogram of logits does not begin at the smallest",
    file: "shaders/sampling/logit-summary.wgsl",
    find: "- ends.x) * per_unit",
    replace: "- 1.0001 * ends.x) * per_unit",
    suite: kernel("logit-summary"),
  },
  {
    name: "the last logits of a row are not summed up",
    file: "shaders/sampling/logit-moments.wgsl",
    find: "let end = (row + 1u) * dims.vocab_size;",
    replace: "let end = (row + 1u) * dims.vocab_size - 1u;",
    suite: kernel("logit-summary"),
  },
  {
    name: "counts of logits go on from the token before",
    file: "shaders/sampling/logit-moments.wgsl",
    find: "NUMBERS + lane] = 0u;",
    replace: "NUMBERS + lane] *= 1u;",
    suite: kernel("logit-summary"),
  },
  {
    name: "a drawn token is shown with the largest logit",
    file: "src/generate/generate.ts",
    find: "scores ? scores[row]![id]! : max",
    replace: "max",
    suite: "gpu src/generate/generate-sampling.gpu.test.ts",
  },
  {
    name: "a token is appended a station early",
    file: "src/lesson/playhead.ts",
    find: "const APPEND: Station = 6;",
    replace: "const APPEND: Station = 5;",
    suite: "unit src/lesson/session.test.ts",
  },
  {
    name: "a lost GPU is not asked for again",
    file: "src/lesson/recovery.ts",
    find: 'failure.code === "device-lost" || ',
    replace: "",
    suite: "unit src/lesson/session.test.ts",
  },
];
