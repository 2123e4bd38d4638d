import { describe, expect, it } from "vitest";
import { softmax } from "../reference/softmax.ts";
import { logitsAt } from "../test/logits.ts";
import { maxAbsError } from "../test/matchers.ts";
import { report } from "../test/report.ts";
import {
  answersOf,
  floatsOf,
  openSmall,
  parity,
  smallConfig,
  smallFiles,
  smallSeed,
  unusedIds,
  wholeLogits,
} from "../test/small-model.ts";
import type { Logits } from "./forward.ts";
import { ModelHandle } from "./model-handle.ts";

const { prompts } = parity;
const last = smallFiles.at(-1)!;
const { vocab_size } = smallConfig;

/** The logits of each prompt, as far as PyTorch's are known. */
async function logitsOf(model: ModelHandle): Promise<Logits[]> {
  const all: Logits[] = [];
  for (const { ids, positions } of prompts) all.push(await model.forward([ids], { logits: positions }));
  return all;
}

/** The largest error of any of the logits. */
const largestError = (file: string, found: readonly Logits[]): number =>
  Math.max(...answersOf(file).map((answer, i) => maxAbsError(found[i]!.data, wholeLogits(answer))));

/** KL(p || q) of PyTorch's softmax p to ours q, in nats, the mean over all positions. */
function klDivergence(file: string, found: readonly Logits[]): number {
  let [sum, positions] = [0, 0];
  for (const [i, answer] of answersOf(file).entries()) {
    const p = softmax(wholeLogits(answer), vocab_size);
    const q = softmax(found[i]!.data, vocab_size);
    sum += p.reduce((total, pi, id) => total + pi * Math.log(pi / q[id]!), 0);
    positions += p.length / vocab_size;
  }
  return sum / positions;
}

/** Fails unless all tokens that never occur have one and the same logit, to the bit. */
function expectOneOfUnused(found: readonly Logits[]): void {
  for (const logits of found)
    for (let t = 0; t < logits.shape[1]; t++) {
      const row = logitsAt(logits, 0, t);
      expect(new Set(unusedIds.map((id) => row[id])).size, "logits of tokens that never occur").toBe(1);
    }
}

describe("a file that ships answers as PyTorch does with the same file", () => {
  it.each(smallFiles)("%s, every logit of the 50,257", async (file) => {
    const model = await openSmall(file);
    const found = await logitsOf(model);
    const error = largestError(file, found);
    report(`${file}, logits`, error, 1e-3);
    expect(error).toBeLessThan(1e-3);
    expectOneOfUnused(found);
    model.destroy();
  });

  // The weights have five bits of mantissa, so f16 holds them as they are; int8 has seven of the largest of 32.
  it.each([
    { precision: "f16", largestKL: 1e-8 },
    { precision: "int8", largestKL: 1e-3 },
  ] as const)(`${last}, in $precision`, async ({ precision, largestKL }) => {
    const model = await openSmall(last, { precision });
    const { format } = model.network.trf_blocks[0]!.ff.layers[0].weight;
    const found = await logitsOf(model);
    const kl = klDivergence(last, found);
    report(`${last}, in ${precision}, KL in nats`, kl, largestKL);
    expect(format).toBe(precision);
    expect(kl).toBeLessThan(largestKL);
    if (precision === "f16") expect(largestError(last, found)).toBeLessThan(1e-3);
    model.destroy();
  });
});

it("without some of its heads the finished model answers as PyTorch does without them", async () => {
  const { file, answers } = parity.without_heads;
  const model = await openSmall(file);
  const whole = wholeLogits(answersOf(file)[0]!);
  for (const { ablate, ...answer } of answers) {
    const { data } = await model.forward([prompts[0]!.ids], { ablate, logits: "last" });
    const expected = wholeLogits(answer);
    const error = maxAbsError(data, expected);
    report(`${file} without ${JSON.stringify(ablate)}, logits`, error, 1e-3);
    expect(error).toBeLessThan(1e-3);
    expect(maxAbsError(expected, whole), "what the heads add").toBeGreaterThan(0.01);
  }
  model.destroy();
});

it("step 0 is the model that the seed makes", async () => {
  const model = await ModelHandle.fromSeed(smallSeed, smallConfig);
  const { every, prompts: expected } = parity.untrained;
  for (const [i, { sampled, best, max, margin, logsumexp }] of expected.entries()) {
    const { data } = await model.forward([prompts[i]!.ids], { logits: "last" });
    const error = Math.max(
      maxAbsError(
        data.filter((_, id) => id % every === 0),
        floatsOf(sampled),
      ),
      Math.abs(data[best]! - max),
      Math.abs(Math.log(data.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logsumexp),
    );
    report(`step 0, ${prompts[i]!.name}, logits`, error, 1e-3);
    expect(error).toBeLessThan(1e-3);
    expect(margin).toBeGreaterThan(2e-3);
    expect(data.indexOf(Math.max(...data))).toBe(best);
  }
  model.destroy();
});
