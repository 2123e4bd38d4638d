import { counterpart, kernel, type Mutation } from "../mutation.ts";

const forward = "parity src/runtime/ablation.parity.test.ts";
const generate = "parity src/generate/ablation.parity.test.ts";

/** What takes away other than the heads that were to be. */
export const ablation: Mutation[] = [
  {
    name: "the head after the one named is taken away",
    file: "src/model/multi-head-attention.ts",
    find: "n_heads, head_dim, head });",
    replace: "n_heads, head_dim, head: (head + 1) % n_heads });",
    suite: forward,
  },
  {
    name: "a head is taken away a layer early",
    file: "src/model/multi-head-attention.ts",
    find: "pass.ablated?.get(this.layer)",
    replace: "pass.ablated?.get(this.layer + 1)",
    suite: forward,
  },
  {
    name: "a head is taken away after out_proj",
    file: "src/model/multi-head-attention.ts",
    find: `    for (const head of pass.ablated?.get(this.layer) ?? []) this.#zero(pass, context_vec, head);
    return { linear: this.out_proj, x: { buffer: context_vec } };`,
    replace: `    const { out_proj } = this;
    const forward: Linear["forward"] = (...args) => {
      const y = out_proj.forward(...args);
      for (const head of pass.ablated?.get(this.layer) ?? []) this.#zero(pass, y, head);
      return y;
    };
    return { linear: { forward } as Linear, x: { buffer: context_vec } };`,
    suite: forward,
  },
  {
    name: "of several heads of a layer only one is taken away",
    file: "src/runtime/check-ablate.ts",
    find: "(byLayer.get(layer) ?? new Set()).add(head)",
    replace: "new Set([head])",
    suite: forward,
  },
  {
    name: "all heads are there while decoding",
    file: "src/runtime/decode-context.ts",
    find: "ablated: this.#ablated,",
    replace: "ablated: num_tokens > 1 ? this.#ablated : undefined,",
    suite: generate,
  },
  {
    name: "all heads are there while the prompt is read",
    file: "src/runtime/decode-context.ts",
    find: "ablated: this.#ablated,",
    replace: "ablated: num_tokens > 1 ? undefined : this.#ablated,",
    suite: generate,
  },
  {
    name: "what is looked into has all heads",
    file: "src/runtime/inspect.ts",
    find: "      ablated,\n",
    replace: "",
    suite: forward,
  },
  {
    name: "rows of the grid's second dimension keep the head",
    file: "shaders/attention/zero-head.wgsl",
    find: "thread.y * groups.x * threads + thread.x",
    replace: "thread.x",
    suite: kernel("zero-head"),
  },
  {
    name: "another head's share is zeroed",
    file: "shaders/attention/zero-head.wgsl",
    find: "(row * dims.n_heads + dims.head) * dims.head_dim",
    replace: "row * dims.n_heads * dims.head_dim + dims.head",
    suite: kernel("zero-head"),
  },
  {
    name: "on the processor a part of the head's share stays",
    file: "assembly/attention/zero-head.ts",
    find: "0, 4 * head_dim)",
    replace: "0, head_dim)",
    suite: counterpart("zero-head"),
  },
  {
    name: "the matrix of logits is of the model with all heads",
    file: "src/lesson/matrix-loader.ts",
    find: "drawnPositions(num_tokens), ablate)",
    replace: "drawnPositions(num_tokens), [])",
    suite: "unit src/lesson/session.test.ts",
  },
  {
    name: "a head that the model does not have is asked for",
    file: "src/lesson/run.ts",
    find: "ablate: headsIn(config, ablate),",
    replace: "ablate: ablate ?? headsIn(config, ablate),",
    suite: "unit src/lesson/session.test.ts",
  },
];
