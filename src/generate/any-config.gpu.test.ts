import { describe, expect, it } from "vitest";
import type { GPTConfig } from "../config.ts";
import { GPTModel as ReferenceModel } from "../reference/gpt-model.ts";
import type { Candidate } from "../runtime/candidates.ts";
import { stepsOf } from "../test/ids.ts";
import { expectClose } from "../test/matchers.ts";
import { choicesHere, tiny, withModel } from "../test/models.ts";
import { seededWeights } from "../test/seeded-weights.ts";

// A seed's model may have any configuration. These lie at the edges; all logits, against the reference in f64.

const TOLERANCE = 1e-5;

const configs: Record<string, Partial<GPTConfig>> = {
  "one number wide": { emb_dim: 1, n_heads: 1 },
  "heads of one number": { emb_dim: 7, n_heads: 7 },
  "a head of an odd width above 128": { emb_dim: 131, n_heads: 1 },
  "a head as wide as GPT-2": { emb_dim: 768, n_heads: 1, n_layers: 1 },
  "many heads": { emb_dim: 128, n_heads: 64, n_layers: 1 },
  "as many layers as there may be": { emb_dim: 8, n_heads: 2, n_layers: 256 },
  "a context of one token": { emb_dim: 16, n_heads: 2, context_length: 1 },
  "two tokens to choose from": { emb_dim: 16, n_heads: 4, vocab_size: 2 },
};

describe.each(Object.entries(configs))("%s", (_, change) => {
  const config = { ...tiny.config, context_length: 16, vocab_size: 61, qkv_bias: true, ...change };
  const { context_length, vocab_size } = config;
  const row = Array.from({ length: Math.min(9, context_length) }, (_, t) => (t * 7 + 3) % vocab_size);
  const { weights } = seededWeights(config, 5);
  const reference = new ReferenceModel(weights, config);

  it.each(choicesHere)("gives the reference's logits and chooses by them, kernels by %s", (kernels) =>
    withModel({ seed: 5, config, kernels }, async (model) => {
      const expected = reference.forward([row]);
      expectClose((await model.forward([row])).data, expected, { abs: TOLERANCE });
      const last = await model.forward([row], { logits: "last" });
      expectClose(last.data, expected.subarray(-vocab_size), { abs: TOLERANCE });

      const text = [...row];
      for (const { top } of await stepsOf(model, [row], { maxNewTokens: 5, contextSize: context_length })) {
        const logits = reference.forward([text.slice(-context_length)]).subarray(-vocab_size);
        const [{ id, logit }] = top[0] as [Candidate];
        expectClose([logit, logits[id]!], [logits[id]!, Math.max(...logits)], { abs: TOLERANCE });
        text.push(id);
      }
      expect(text).toHaveLength(row.length + 5);
    }),
  );
});
