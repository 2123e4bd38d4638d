import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GPTModel } from "../../reference/gpt-model.ts";
import { checkpointReference, collectWeights } from "../../test/checkpoint-fixture.ts";
import { checkpointFile, configJson } from "../../test/checkpoint-maker.ts";
import { recipes } from "../../test/checkpoint-recipes.ts";
import { parameters } from "../parameters.ts";
import { checkpointWeights } from "./checkpoint.ts";

const small = ["small", "head", "f16", "bf16", "heads64"];
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

test.each(small)("the maker makes checkpoint %s bit for bit as PyTorch read it", async (name) => {
  expect(sha256(await bytesOf(checkpointFile(recipes[name])))).toBe(checkpointReference(name).sha256);
});

test("the checkpoint in the repository is the maker's", async () => {
  const directory = new URL("../../../tools/parity/fixtures/checkpoint-small/", import.meta.url);
  const stored = new Uint8Array(readFileSync(new URL("model.safetensors", directory)));
  expect(sha256(stored)).toBe(sha256(await bytesOf(checkpointFile(recipes.small))));
  expect(readFileSync(new URL("config.json", directory), "utf8")).toBe(configJson(recipes.small));
});

describe.each(small)("checkpoint %s", (name) => {
  const reference = checkpointReference(name);
  const open = () =>
    checkpointWeights(checkpointFile(recipes[name]), { config: { n_heads: reference.n_head } });

  test("gives every parameter of the model once, in chunks of whole rows", async () => {
    const source = await open();
    const weights = await collectWeights(source);
    const expected = parameters(source.config).map(({ name, shape }) => [name, shape]);
    expect(new Map([...weights].map(([name, { shape }]) => [name, shape]))).toEqual(new Map(expected as []));
    const stored = [...weights].filter(([name]) => !(source.tied && name === "out_head.weight"));
    expect(source.totalBytes).toBe(stored.reduce((sum, [, { data }]) => sum + 4 * data.length, 0));
  });

  test("has the logits that PyTorch computes from the file's own tensors", async () => {
    const source = await open();
    const model = new GPTModel(await collectWeights(source), source.config);
    const logits = model.forward(reference.idx); // [B, T, vocab_size]
    const { vocab_size } = source.config;
    const T = reference.idx[0].length;
    const expected = reference.logits?.flat() ?? reference.last_logits!;
    const rows = reference.logits
      ? expected.map((_, row) => row)
      : reference.idx.map((_, b) => b * T + T - 1);
    const errors = rows.flatMap((row, i) =>
      expected[i].map((value, id) => Math.abs(value - logits[row * vocab_size + id])),
    );
    expect(errors.length).toBeGreaterThanOrEqual(2 * vocab_size);
    expect(Math.max(...errors)).toBeLessThan(2e-5);
  });
});

describe("a file with its config.json", () => {
  const json = (change: object) =>
    new Blob([JSON.stringify({ ...JSON.parse(configJson(recipes.small)), ...change })]);
  const open = (configFile: Blob) => checkpointWeights(checkpointFile(recipes.small), { configFile });

  test("takes the heads from it, and refuses what it asks for as beside an address", async () => {
    expect((await open(json({}))).config.n_heads).toBe(4);
    expect((await open(json({ n_head: 6 }))).config.n_heads).toBe(6);
    for (const change of [
      { scale_attn_by_inverse_layer_idx: true },
      { layer_norm_epsilon: 1e-6 },
      { activation_function: "relu" },
    ])
      await expect(open(json(change))).rejects.toMatchObject({ rule: "config-unsupported" });
    await expect(open(json({ n_embd: 64 }))).rejects.toMatchObject({ rule: "config-mismatch" });
  });

  test.each([
    ["no JSON", new Blob(["n_head = 4"])],
    ["no object", new Blob(["[4]"])],
    ["no model's", new Blob(['{"hello": 15496, "eos_token_id": 50256}'])],
    ["huge", new Blob(["{".padEnd(100_000), "}"])],
  ])("refuses one that is %s", async (_, configFile) => {
    await expect(open(configFile)).rejects.toMatchObject({ rule: "config-unsupported" });
  });
});
