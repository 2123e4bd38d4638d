import { describe, expect, test } from "vitest";
import { GPTModel } from "../../reference/gpt-model.ts";
import { collectWeights } from "../../test/checkpoint-fixture.ts";
import { checkpointFile } from "../../test/checkpoint-maker.ts";
import { recipes } from "../../test/checkpoint-recipes.ts";
import { type Layout, relaidCheckpoint } from "../../test/relaid-checkpoint.ts";
import { safetensorsFile, type TensorToWrite } from "../../test/safetensors-file.ts";
import { checkpointWeights } from "./checkpoint.ts";
import { bareName } from "./checkpoint-names.ts";

const config = { n_heads: 4 };
const open = (tensors: readonly TensorToWrite[]) =>
  checkpointWeights(new Blob([safetensorsFile(tensors)]), { config });
const refusal = (tensors: readonly TensorToWrite[]) =>
  open(tensors).then(
    () => undefined,
    (error: unknown) => error as { rule: string; message: string; tensor: string },
  );
const without = (tensors: readonly TensorToWrite[], names: RegExp) =>
  tensors.filter(({ name }) => !names.test(name));
const zeroed = (tensors: readonly TensorToWrite[], names: RegExp) =>
  tensors.map((tensor) =>
    names.test(tensor.name) ? { ...tensor, bytes: new Uint8Array(tensor.bytes.byteLength) } : tensor,
  );
const renamed = (tensors: readonly TensorToWrite[], rename: (name: string) => string) =>
  tensors.map((tensor) => ({ ...tensor, name: rename(tensor.name) }));

const layouts: Layout[] = ["notebook", "notebook, one matrix", "nanoGPT"];
const head = { ...recipes.head, masks: true };
const { data: logits } = await logitsOf(await checkpointWeights(checkpointFile(head), { config }));

async function logitsOf(source: Awaited<ReturnType<typeof checkpointWeights>>) {
  const model = new GPTModel(await collectWeights(source), source.config);
  return { data: model.forward([[5, 17, 400, 3, 3]]), notes: source.notes };
}

/** The same weights give the same logits, to the last bit. */
const expectTheSame = async (tensors: readonly TensorToWrite[]) =>
  expect((await logitsOf(await open(tensors))).data).toEqual(logits);

describe.each(layouts)("the same weights as %s", (layout) => {
  const tensors = relaidCheckpoint(head, layout);

  test("give the same logits, whatever stands around their names", async () => {
    expect(tensors.map(({ name }) => name)).toContain(
      layout === "nanoGPT" ? "h.0.attn.bias" : "trf_blocks.0.att.mask",
    );
    await expectTheSame(tensors);
    await expectTheSame(renamed(tensors, (name) => `module._orig_mod.${name}`));
  });

  test("in any order of the file", async () => {
    await expectTheSame(tensors.toReversed());
  });

  test("and each of them is missed", async () => {
    for (const { name } of without(tensors, /mask|attn\.bias|head|tok_emb|wte|pos_emb|wpe/))
      expect(await refusal(tensors.filter((tensor) => tensor.name !== name)), name).toMatchObject({
        rule: expect.stringMatching(/missing-tensor|extra-tensor/),
      });
  });

  test("with the head tied: under either name, as files have it that keep no tensor twice", async () => {
    const { data } = await logitsOf(
      await checkpointWeights(checkpointFile({ ...head, head: false }), { config }),
    );
    const tied = without(tensors, /head/);
    expect((await logitsOf(await open(tied))).data).toEqual(data);
    const headAlone = renamed(tied, (name) =>
      name.replace(/^wte/, "lm_head").replace(/^tok_emb/, "out_head"),
    );
    expect((await logitsOf(await open(headAlone))).data).toEqual(data);
  });

  test("without the biases of query, key and value", async () => {
    const biases = /(c_attn|qkv|W_\w+)\.bias$/;
    const source = await open(without(tensors, biases));
    expect(source.config.qkv_bias).toBe(false);
    expect((await logitsOf(source)).data).toEqual((await logitsOf(await open(zeroed(tensors, biases)))).data);
  });
});

test("a model that was trained without any bias has zeros for them, and says so", async () => {
  const biases = /(ln_\w+|c_\w+)\.bias$/;
  const tensors = relaidCheckpoint({ ...head, masks: false }, "nanoGPT");
  const without_ = await logitsOf(await open(without(tensors, biases)));
  expect(without_.data).toEqual((await logitsOf(await open(zeroed(tensors, biases)))).data);
  expect(without_.notes.join(" ")).toContain("trained without biases");
  expect(await refusal(without(tensors, /ln_1\.bias$/)), "but not for some of them").toMatchObject({
    rule: "missing-tensor",
  });
});

test.each([
  "_orig_mod.",
  "module.",
  "model.",
  "transformer.",
  "module._orig_mod.",
  "_orig_mod.module.",
  "module.model.transformer.",
  "model.module._orig_mod.transformer.",
  "_orig_mod.module.model._orig_mod.",
  "_fsdp_wrapped_module._orig_mod.",
])("%s is no part of a name", (around) => {
  for (const name of ["tok_emb.weight", "trf_blocks.0.att.mask", "h.1.attn.c_attn.bias", "lm_head.weight"])
    expect(bareName(around + name)).toBe(name);
});

test("nor is what stands around single blocks", () => {
  expect(bareName("trf_blocks.3._orig_mod.ff.layers.0.weight")).toBe("trf_blocks.3.ff.layers.0.weight");
  expect(bareName("transformer.h.3.module.ln_1.bias")).toBe("h.3.ln_1.bias");
});

test("PyTorch's LayerNorm in place of the notebook's, and the output's other name", async () => {
  const tensors = relaidCheckpoint(head, "notebook, one matrix", (name) =>
    name
      .replace(/\.scale$/, ".weight")
      .replace(/\.shift$/, ".bias")
      .replace(".out_proj.", ".proj."),
  );
  await expectTheSame(tensors);
});

test("the course's cache is no weight", async () => {
  const tensors = relaidCheckpoint(head, "notebook");
  const buffer = { ...tensors.find(({ name }) => name.endsWith(".mask"))! };
  const cached = ["trf_blocks.0.att.cache_k", "trf_blocks.1.att.cache_v", "ptr_current_pos"];
  const source = await open([...tensors, ...cached.map((name) => ({ ...buffer, name }))]);
  expect(source.notes).toEqual([]);
});

describe("what would compute something else is refused", () => {
  const tensors = relaidCheckpoint(head, "notebook");
  const like = (name: string, other: string) => ({ ...tensors.find((t) => t.name === other)!, name });

  test.each([
    ["extra-tensor", "trf_blocks.0.att.W_query.lora_A", "trf_blocks.0.att.W_query.weight"],
    ["extra-tensor", "out_head.bias", "final_norm.scale"],
    ["extra-tensor", "module.tok_emb.weight", "tok_emb.weight"],
  ])("%s: %s", async (rule, name, other) => {
    expect(await refusal([...tensors, like(name, other)])).toMatchObject({ rule });
  });

  test("a head for two classes, in words", async () => {
    const classes = { ...like("out_head.weight", "out_head.weight"), shape: [2, 48] };
    const two = { ...classes, bytes: classes.bytes.slice(0, 2 * 48 * 4) };
    expect(await refusal([...without(tensors, /out_head/), two])).toMatchObject({
      rule: "wrong-shape",
      message: expect.stringContaining("another task than the next token"),
    });
  });

  test("one matrix the other way round than the others", async () => {
    const nanoGPT = relaidCheckpoint(head, "nanoGPT").map((tensor) =>
      tensor.name === "h.1.mlp.c_fc.weight" ? { ...tensor, shape: tensor.shape.toReversed() } : tensor,
    );
    expect(await refusal(nanoGPT)).toMatchObject({ rule: "linear-layout", tensor: "h.1.mlp.c_fc.weight" });
  });
});
