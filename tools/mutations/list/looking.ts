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
    file: "src/lesson/logit-summary.ts",
    find: "(Math.log(sum) - weighted / sum) / Math.LN2",
    replace: "Math.log(sum) - weighted / sum",
    suite: "unit src/lesson/logit-summary.test.ts",
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
