import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import answers from "../../../../tools/parity/fixtures/pytorch/answers.json" with { type: "json" };
import { GPTModel } from "../../../reference/gpt-model.ts";
import { collectWeights } from "../../../test/checkpoint-fixture.ts";
import { parameters } from "../../parameters.ts";
import { checkpointWeights } from "../checkpoint.ts";

// Files that PyTorch wrote: tools/parity/pytorch_files.py.
const file = (name: string) =>
  new Blob([readFileSync(new URL(`../../../../tools/parity/fixtures/pytorch/${name}.pth`, import.meta.url))]);

describe.each(Object.entries(answers))("%s.pth", (name, { config, idx, logits }) => {
  const open = () => checkpointWeights(file(name), { config: { n_heads: config.n_heads } });

  test("is the model that PyTorch had", async () => {
    const source = await open();
    expect(source.config).toEqual(config);
    const weights = await collectWeights(source);
    const expected = parameters(source.config).map(({ name, shape }) => [name, shape] as const);
    expect(new Map([...weights].map(([name, { shape }]) => [name, shape]))).toEqual(new Map(expected));
  });

  test("has the logits that PyTorch computes", async () => {
    const source = await open();
    const model = new GPTModel(await collectWeights(source), source.config);
    const ours = model.forward(idx);
    const errors = logits.flat(2).map((value, i) => Math.abs(value - ours[i]!));
    expect(errors).toHaveLength(2 * 5 * config.vocab_size);
    expect(Math.max(...errors)).toBeLessThan(2e-5);
  });
});

test("of a training that is to go on the model is taken, and it is said so", async () => {
  const { notes } = await checkpointWeights(file("training"), { config: { n_heads: 2 } });
  expect(notes).toEqual([
    'The model was taken from "model_state_dict"; the file also holds "optimizer_state_dict", "epoch", "best", "losses", "note".',
  ]);
});

test.each([
  ["whole", "pickle-code", "torch.nn.modules.container.Sequential"],
  ["program", "pickle-code", "torch.jit.save"],
  ["old", "not-safetensors", "format before 1.6"],
])("%s.pth is refused by %s, and the sentence says what to do", async (name, rule, words) => {
  const refused = checkpointWeights(file(name));
  await expect(refused).rejects.toMatchObject({ rule });
  await expect(refused).rejects.toThrow(words);
  await expect(refused).rejects.toThrow("torch.save(");
});

test("heads of 64 are proposed, and where those do not fit the heads are asked for", async () => {
  await expect(checkpointWeights(file("plain"))).rejects.toMatchObject({ rule: "heads-unknown" });
});

test("the file is read in parts, of which the causal mask is none", async () => {
  const whole = file("plain");
  const reads: [begin: number, end: number][] = [];
  const counted = Object.assign(Object.create(Blob.prototype) as Blob, {
    slice: (begin: number, end: number) => {
      reads.push([begin, end]);
      return whole.slice(begin, end);
    },
  });
  Object.defineProperty(counted, "size", { value: whole.size });
  const source = await checkpointWeights(counted, { config: { n_heads: 3 } });
  const toOpen = reads.length;
  await collectWeights(source);
  const read = reads.slice(toOpen).reduce((sum, [begin, end]) => sum + end - begin, 0);
  expect(read).toBe(source.totalBytes);
});
