import { kernel, logits, loop, type Mutation, notebookLoop } from "../mutation.ts";

/** What gets choosing tokens wrong. */
export const choosing: Mutation[] = [
  {
    name: "argmax: of equal logits the last id",
    file: "shaders/argmax.wgsl",
    find: "best_id[other] < best_id[lane]",
    replace: "best_id[other] > best_id[lane]",
    suite: kernel("argmax"),
  },
  {
    name: "top-k: of equal logits the last id",
    file: "shaders/top-k.wgsl",
    find: "a.logit == b.logit && a.id < b.id",
    replace: "a.logit == b.logit && a.id > b.id",
    suite: kernel("top-k"),
  },
  {
    name: "top-k: what is chosen is the last of them",
    file: "shaders/top-k.wgsl",
    find: "if (rank == 0u) {\n        chosen",
    replace: "if (rank == dims.k - 1u) {\n        chosen",
    suite: kernel("top-k"),
  },
  {
    name: "top-k: probabilities over k ids alone",
    file: "shaders/top-k.wgsl",
    find: `      for (var i = lane; i < dims.vocab_size; i += threads) {
        total +=`,
    replace: `      for (var i = lane; i < dims.k; i += threads) {
        total +=`,
    suite: loop,
  },
  {
    name: "the first position chooses, not the last",
    file: "src/model/decoding.ts",
    find: "first: num_tokens - 1, stride: num_tokens",
    replace: "first: 0, stride: num_tokens",
    suite: loop,
  },
  {
    name: "forward: the last logits are those of the first position",
    file: "src/model/forward.ts",
    find: "first: done * stride + stride - 1, stride",
    replace: "first: done * stride, stride",
    suite: logits,
  },
  {
    name: "generateTextSimple crops from the wrong end",
    file: "src/generate/generate-text-simple.ts",
    find: "row.slice(-context_size)",
    replace: "row.slice(0, context_size)",
    suite: notebookLoop,
  },
  {
    name: "generate crops from the wrong end",
    file: "src/generate/generate.ts",
    find: "row.slice(-contextSize)",
    replace: "row.slice(0, contextSize)",
    suite: loop,
  },
  {
    name: "the cache is not rebuilt when the context slides",
    file: "src/generate/generate.ts",
    find: " || length > contextSize",
    replace: "",
    suite: loop,
  },
  {
    name: "the cache is used without a mask",
    file: "src/generate/generate.ts",
    find: 'const cached = kvCache && model.mask === "causal";',
    replace: "const cached = kvCache;",
    suite: loop,
  },
  {
    name: "a token that is chosen is not appended",
    file: "src/generate/generate.ts",
    find: "rows[row]!.push(id);",
    replace: "void [row, id];",
    suite: loop,
  },
  {
    name: "leaving the loop frees nothing",
    file: "src/generate/generate.ts",
    find: "await decoding.destroy();",
    replace: "",
    suite: "gpu src/generate/generate-lifetime.gpu.test.ts",
  },
  {
    name: "sampling takes no notice of the temperature",
    file: "src/generate/sampling.ts",
    find: "Math.exp((logit - largest) / temperature)",
    replace: "Math.exp(logit - largest)",
    suite: "unit src/generate/sampling.test.ts",
  },
  {
    name: "sampling: the model reads the likeliest, not the drawn token",
    file: "src/generate/generate.ts",
    find: "decoding.next(sampling && rows.map((row) => row.at(-1)!))",
    replace: "decoding.next()",
    suite: "gpu src/generate/generate-sampling.gpu.test.ts",
  },
];
