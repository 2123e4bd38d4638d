import { beforeAll, describe, expect, test } from "vitest";
import type { GPTConfig } from "../../config.ts";
import { NextTokenError } from "../../errors.ts";
import { checkpointFile, configJson } from "../../test/checkpoint-maker.ts";
import { recipes } from "../../test/checkpoint-recipes.ts";
import { BlobSource } from "./blob-source.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import { planCheckpoint } from "./checkpoint-layout.ts";
import { parseModelConfig } from "./model-config-file.ts";
import { readHeader } from "./read-header.ts";
import type { TensorEntry } from "./safetensors/header.ts";

let small: readonly TensorEntry[];
let head: readonly TensorEntry[];
beforeAll(async () => {
  small = await readHeader(new BlobSource(checkpointFile(recipes.small)));
  head = await readHeader(new BlobSource(checkpointFile(recipes.head)));
});

const n_heads = 4;
const plan = (tensors: readonly TensorEntry[], config: Partial<GPTConfig> = { n_heads }) =>
  planCheckpoint(tensors, { config });
/** The entries with those of one name replaced by what `edit` makes of it. */
const edited = (
  tensors: readonly TensorEntry[],
  name: string,
  edit: (entry: TensorEntry) => Partial<TensorEntry>[],
) =>
  tensors.flatMap((entry) =>
    entry.name === name ? edit(entry).map((changes) => ({ ...entry, ...changes })) : [entry],
  );
const failure = (run: () => unknown): CheckpointError => {
  try {
    run();
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
};

describe("config", () => {
  const shape = { vocab_size: 503, context_length: 32, emb_dim: 48, n_layers: 2, qkv_bias: true };

  test("is read off the shapes, but for the heads", () => {
    expect(plan(small).config).toEqual({ ...shape, n_heads: 4, drop_rate: 0.1 });
    expect(plan(small, { n_heads: 6, drop_rate: 0 }).config).toEqual({ ...shape, n_heads: 6, drop_rate: 0 });
  });

  test("takes the heads from config.json, and the caller's word above it", () => {
    const configFile = parseModelConfig(configJson(recipes.small));
    expect(planCheckpoint(small, { configFile }).config.n_heads).toBe(4);
    expect(planCheckpoint(small, { configFile, config: { n_heads: 8 } }).config.n_heads).toBe(8);
  });

  test("assumes heads of 64 where nothing says better, and says so", async () => {
    const tensors = await readHeader(new BlobSource(checkpointFile(recipes.heads64)));
    const { config, notes } = planCheckpoint(tensors);
    expect(config.n_heads).toBe(2);
    expect(notes).toEqual([expect.stringContaining("2 heads of 64 are assumed")]);
    expect(failure(() => planCheckpoint(small)).rule).toBe("heads-unknown");
  });

  test.each([{ n_heads: 5 }, { n_heads: 0 }, { n_heads: 1.5 }, { n_heads: 4, drop_rate: 1 }])(
    "refuses %j",
    (config) => {
      expect(() => plan(small, config)).toThrow(NextTokenError);
    },
  );

  test("a key that contradicts the file is named", () => {
    const error = failure(() => plan(small, { n_heads, vocab_size: 50257 }));
    expect(error.rule).toBe("config-mismatch");
    expect(error.message).toContain("vocab_size is 50257, but the checkpoint has 503");
    expect(() => plan(small, { n_heads, emb_dim: 48 })).not.toThrow();
  });

  test("a config.json of another model is noticed", () => {
    for (const [key, value] of [
      ["n_embd", 64],
      ["n_layer", 3],
      ["n_positions", 64],
      ["vocab_size", 504],
    ] as const) {
      const configFile = parseModelConfig(configJson({ ...recipes.small, [key]: value }));
      expect(failure(() => planCheckpoint(small, { configFile })).rule).toBe("config-mismatch");
    }
  });
});

describe("names", () => {
  test("with and without “transformer.” mean the same", () => {
    const bare = small.map((entry) => ({ ...entry, name: entry.name.replace("transformer.", "") }));
    expect(plan(bare).placements.map(({ into }) => into)).toEqual(
      plan(small).placements.map(({ into }) => into),
    );
    expect(failure(() => plan([...small, bare[0]])).rule).toBe("extra-tensor");
  });

  test("the fused c_attn becomes query, key and value, in that order", () => {
    const fused = plan(small).placements.find(
      ({ entry }) => entry.name === "transformer.h.1.attn.c_attn.weight",
    );
    expect(fused).toMatchObject({
      transposed: true,
      into: ["W_query", "W_key", "W_value"].map((name) => ({
        name: `trf_blocks.1.att.${name}.weight`,
        shape: [48, 48],
      })),
    });
  });

  test("masks are ignored", () => {
    const masks = [...small.map(({ name }) => name)].filter((name) => name.endsWith(".attn.bias"));
    expect(masks).toHaveLength(2);
    const { placements, notes } = plan(small);
    expect(placements.filter(({ entry }) => masks.includes(entry.name))).toEqual([]);
    expect(notes).toEqual([]);
    const scalar = { ...small[0], name: "transformer.h.0.attn.masked_bias", dtype: "I64", shape: [] };
    expect(plan([...small, scalar]).placements).toHaveLength(placements.length);
  });

  test("a head of its own is a parameter, a head that is not there is tied", () => {
    expect(plan(small).tied).toBe(true);
    expect(plan(head).tied).toBe(false);
    expect(plan(head).placements.at(-1)).toMatchObject({
      into: [{ name: "out_head.weight", shape: [503, 48] }],
    });
  });

  test("a model without biases on query, key and value is one", () => {
    const without = small.filter(({ name }) => !name.endsWith("c_attn.bias"));
    expect(plan(without).config.qkv_bias).toBe(false);
    const half = small.filter(({ name }) => name !== "transformer.h.1.attn.c_attn.bias");
    expect(failure(() => plan(half))).toMatchObject({
      rule: "missing-tensor",
      tensor: "h.1.attn.c_attn.bias",
    });
  });
});

describe("what does not fit", () => {
  test("every missing tensor is counted, the first ones named", () => {
    const error = failure(() => plan(small.filter(({ name }) => !name.includes(".mlp."))));
    expect(error).toMatchObject({ rule: "missing-tensor", tensor: "h.0.mlp.c_fc.weight" });
    expect(error.message).toContain("and 3 more");
  });

  test("each tensor is missed", () => {
    for (const { name } of small.filter(({ name }) => !name.endsWith(".attn.bias") && !/wte|wpe/.test(name)))
      expect(failure(() => plan(small.filter((entry) => entry.name !== name))).rule).toBe("missing-tensor");
  });

  test("a block too many or a gap between blocks", () => {
    const far = edited(small, "transformer.ln_f.bias", (entry) => [
      entry,
      { name: "transformer.h.7.ln_1.bias" },
    ]);
    expect(failure(() => plan(far)).rule).toBe("missing-tensor");
    const huge = edited(small, "transformer.ln_f.bias", (entry) => [
      entry,
      { name: "h.999999999.ln_1.bias" },
    ]);
    expect(failure(() => plan(huge)).rule).toBe("missing-tensor");
  });

  test("a tensor that would change the arithmetic is refused, a head for another task is left out", () => {
    const adapter = [...small, { ...small[0], name: "transformer.h.0.crossattention.c_attn.weight" }];
    expect(failure(() => plan(adapter))).toMatchObject({
      rule: "extra-tensor",
      tensor: "transformer.h.0.crossattention.c_attn.weight",
    });
    const { notes } = plan([...small, { ...small[0], name: "score.weight" }]);
    expect(notes).toEqual([expect.stringContaining('"score.weight"')]);
  });

  test("another family of models is named by what it holds", () => {
    const error = failure(() => plan([{ ...small[0], name: "model.embed_tokens.weight" }]));
    expect(error.rule).toBe("not-gpt2");
    expect(error.message).toContain("model.embed_tokens.weight");
    expect(failure(() => plan([])).rule).toBe("not-gpt2");
    expect(failure(() => plan(small.filter(({ name }) => !name.includes(".h.")))).rule).toBe("not-gpt2");
  });

  test("Linear instead of Conv1D is told apart from any other wrong shape", () => {
    const fc = "transformer.h.0.mlp.c_fc.weight"; // [48, 192]
    const linear = edited(small, fc, () => [{ shape: [192, 48] }]);
    expect(failure(() => plan(linear))).toMatchObject({ rule: "linear-layout", tensor: fc });
    const wrong = edited(small, fc, () => [{ shape: [96, 96] }]);
    expect(failure(() => plan(wrong))).toMatchObject({ rule: "wrong-shape", tensor: fc });
  });

  test("shapes of the embeddings", () => {
    const [wte, wpe] = ["transformer.wte.weight", "transformer.wpe.weight"];
    for (const shape of [[503], [0, 48], [503, 0], [503, 48, 1], [], [1, 70000]])
      expect(failure(() => plan(edited(small, wte, () => [{ shape }])))).toMatchObject({
        rule: "wrong-shape",
      });
    expect(failure(() => plan(edited(small, wpe, () => [{ shape: [32, 24] }])))).toMatchObject({
      tensor: wpe,
    });
  });

  test("a weight of another data type", () => {
    const name = "transformer.ln_f.weight";
    const error = failure(() => plan(edited(small, name, () => [{ dtype: "F64" }])));
    expect(error).toMatchObject({ rule: "dtype-unsupported", tensor: name });
  });
});

describe("config.json", () => {
  test.each([
    { model_type: "llama" },
    { activation_function: "relu" },
    { layer_norm_epsilon: 1e-6 },
    { scale_attn_weights: false },
    { scale_attn_by_inverse_layer_idx: true },
    { add_cross_attention: true },
    { n_embd: 48, n_inner: 100 },
  ])("refuses %j", (config) => {
    expect(failure(() => parseModelConfig(JSON.stringify(config))).rule).toBe("config-unsupported");
  });

  test.each(["", "null", "[]", "3", '{"n_head":', "<html>"])("refuses the text %j", (text) => {
    expect(failure(() => parseModelConfig(text)).rule).toBe("config-unsupported");
  });

  test("may have the notebook's names, or nanoGPT's", () => {
    const ours =
      '{"vocab_size":503,"context_length":32,"emb_dim":48,"n_heads":6,"n_layers":2,"drop_rate":0,"qkv_bias":true}';
    expect(planCheckpoint(small, { configFile: parseModelConfig(ours) }).config.n_heads).toBe(6);
    expect(parseModelConfig(ours)).toMatchObject({ n_embd: 48, n_layer: 2, n_positions: 32, resid_pdrop: 0 });
    expect(parseModelConfig('{"block_size":32,"n_head":4,"dropout":0.2}')).toMatchObject({
      n_positions: 32,
      resid_pdrop: 0.2,
    });
  });

  test("accepts what GPT-2's own says, null and unknown keys", () => {
    const text =
      '{"n_head":12,"n_inner":null,"activation_function":"gelu_new","__proto__":{"n_embd":1},"x":1}';
    expect(parseModelConfig(text)).toEqual({ n_head: 12, notes: [] });
    expect(parseModelConfig('{"activation_function":"gelu"}').notes).toHaveLength(1);
    expect(parseModelConfig('{"n_ctx":64}').n_positions).toBe(64);
  });
});
