import { kernel, logits, loop, type Mutation } from "../mutation.ts";

/** What gets attention wrong. */
export const attention: Mutation[] = [
  {
    name: "the causal mask is dropped",
    file: "src/model/multi-head-attention.ts",
    find: 'causal: Number(mask === "causal")',
    replace: "causal: 0",
    suite: logits,
  },
  {
    name: "one live key too many",
    file: "shaders/parts/attention.wgsl",
    find: "select(dims.num_tokens, t + 1u, causal)",
    replace: "select(dims.num_tokens, t + 2u, causal)",
    suite: kernel("flash-attention"),
  },
  {
    name: "scores are not divided by sqrt(head_dim)",
    file: "shaders/attention/flash-attention.wgsl",
    find: "score /= sqrt(f32(head_dim));",
    replace: "",
    suite: logits,
  },
  {
    name: "the running total is not rescaled",
    file: "shaders/attention/flash-attention.wgsl",
    find: "own_total = own_total * rescale + weight;",
    replace: "own_total += weight;",
    suite: kernel("flash-attention"),
  },
  {
    name: "W_query and W_key are swapped",
    file: "src/loading/allocate-tensors.ts",
    find: "{ W_query: 0, W_key: 1, W_value: 2 }",
    replace: "{ W_query: 1, W_key: 0, W_value: 2 }",
    suite: logits,
  },
  {
    name: "queries and keys are swapped",
    file: "src/model/multi-head-attention.ts",
    find: "{ q: workspace.q, k, v, cache_len: cache.cache_len, y: workspace.context_vec }",
    replace: "{ q: k, k: workspace.q, v, cache_len: cache.cache_len, y: workspace.context_vec }",
    suite: logits,
  },
  {
    name: "every row writes to its cache as if it were full",
    file: "shaders/parts/epilogue-qkv.wgsl",
    find: "row / dims.num_tokens * dims.capacity + position",
    replace: "row / dims.num_tokens * (cache_len[0] + dims.num_tokens) + position",
    suite: loop,
  },
  {
    name: "the cache does not grow",
    file: "src/runtime/decode-context.ts",
    find: "this.#cache_len += num_tokens;",
    replace: "",
    suite: loop,
  },
  {
    name: "a quad sees one key too many",
    file: "shaders/parts/online-softmax-quad.wgsl",
    find: "vec4(key) < kv_len",
    replace: "vec4(key) <= kv_len",
    suite: kernel("flash-attention"),
  },
  {
    name: "a quad does not rescale its running totals",
    file: "shaders/attention/flash-attention-quad.wgsl",
    find: "total = total * rescale +",
    replace: "total = total +",
    suite: kernel("flash-attention"),
  },
  {
    name: "a quad drops what it should keep",
    file: "shaders/parts/attention.wgsl",
    find: "< dims.keep_threshold",
    replace: ">= dims.keep_threshold",
    suite: kernel("flash-attention"),
  },
];
