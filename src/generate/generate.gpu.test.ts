import { describe, expect, it } from "vitest";
import { softmax } from "../reference/softmax.ts";
import { appended, stepsOf } from "../test/ids.ts";
import { expectClose, maxAbsError } from "../test/matchers.ts";
import { choicesHere, otherChoices, tiny, withModel } from "../test/models.ts";
import { type GenerateStep, generate } from "./generate.ts";

const idx = [
  [7, 1, 44],
  [60, 0, 12],
];
const logitsOf = (steps: GenerateStep[]) => steps.flatMap(({ top }) => top.flat().map(({ logit }) => logit));
const probabilitiesOf = (steps: GenerateStep[]) =>
  steps.flatMap(({ top }) => top.flat().map(({ probability }) => probability));

describe("with the KV cache and without", () => {
  // Twelve tokens: five fill the context, at the others it slides.
  const options = { maxNewTokens: 12, topK: 5 };

  it("every number is the same, to the bit, where one kernel serves any number of rows", () =>
    withModel(tiny, async (model) => {
      const cached = await stepsOf(model, idx, { ...options, kvCache: true });
      const uncached = await stepsOf(model, idx, { ...options, kvCache: false });
      const read = (steps: GenerateStep[]) => steps.map(({ computed }) => computed);
      expect(read(cached)).toEqual([3, 1, 1, 1, 1, 1, 8, 8, 8, 8, 8, 8]);
      expect(read(uncached)).toEqual([3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8]);
      const numbers = (steps: GenerateStep[]) => steps.map((step) => ({ ...step, computed: 0 }));
      expect(numbers(cached)).toEqual(numbers(uncached));
      expect(cached).toHaveLength(12);
    }));

  // Kernels for few rows add in another order than those for many: sums of 64 terms or fewer, of values of about 1.
  it.each(otherChoices)("the ids are the same, and the logits but for rounding, by %s", (kernels) =>
    withModel({ ...tiny, kernels }, async (model) => {
      const cached = await stepsOf(model, idx, { ...options, kvCache: true });
      const uncached = await stepsOf(model, idx, { ...options, kvCache: false });
      expect(appended(idx, cached)).toEqual(appended(idx, uncached));
      expectClose(logitsOf(cached), logitsOf(uncached), { abs: 1e-5 });
    }),
  );

  it("the steps that only the cache can get wrong do depend on it", () =>
    withModel(tiny, async (model) => {
      const [first, ...rest] = await stepsOf(model, idx, { maxNewTokens: 5, topK: 5 });
      const forgetful: GenerateStep[] = [];
      for (const { ids } of [first, ...rest].slice(0, -1)) {
        // What a step would say that saw its own token alone.
        forgetful.push(
          ...(await stepsOf(
            model,
            ids.map((id) => [id]),
            { maxNewTokens: 1, topK: 5 },
          )),
        );
      }
      expect(maxAbsError(logitsOf(rest), logitsOf(forgetful))).toBeGreaterThan(0.01);
    }));
});

describe("the context", () => {
  it("slides once it is full, and every step says from where on it is seen", () =>
    withModel(tiny, async (model) => {
      const steps = await stepsOf(model, idx, { maxNewTokens: 10 });
      expect(steps.map(({ contextStart }) => contextStart)).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    }));

  it("is the last contextSize tokens, also of the prompt", () =>
    withModel(tiny, async (model) => {
      const long = [7, 1, 44, 3, 3, 9, 27, 50, 8, 41, 5, 17];
      const steps = await stepsOf(model, [long], { maxNewTokens: 3, contextSize: 4 });
      expect(steps.map(({ contextStart }) => contextStart)).toEqual([8, 9, 10]);
      const [first] = await stepsOf(model, [long.slice(-4)], { maxNewTokens: 1 });
      expect(steps[0]).toEqual({ ...first, contextStart: 8 });
      const [other] = await stepsOf(model, [long.slice(0, 4)], { maxNewTokens: 1 });
      expect(other.top).not.toEqual(first.top);
    }));

  it("may be a single token", () =>
    withModel(tiny, async (model) => {
      const steps = await stepsOf(model, idx, { maxNewTokens: 3, contextSize: 1 });
      const alone = await stepsOf(model, [[44], [12]], { maxNewTokens: 1 });
      expect(steps[0].top).toEqual(alone[0].top);
      expect(steps[2].contextStart).toBe(4);
    }));
});

describe("the candidates", () => {
  it.each(choicesHere)("are the softmax over the whole vocabulary, by %s", (kernels) =>
    withModel({ ...tiny, kernels }, async (model) => {
      const { vocab_size } = model.config;
      const { data } = await model.forward(idx, { logits: "last" });
      const probabilities = softmax(data, vocab_size);
      const [{ ids, top }] = await stepsOf(model, idx, { maxNewTokens: 1, topK: vocab_size });
      for (const [b, candidates] of top.entries()) {
        const at = candidates.map(({ id }) => b * vocab_size + id);
        expect(new Set(at).size).toBe(vocab_size);
        expectClose(
          candidates.map(({ logit }) => logit),
          at.map((i) => data[i]),
          { abs: 1e-5 },
        );
        expectClose(
          candidates.map(({ probability }) => probability),
          at.map((i) => probabilities[i]),
          { rel: 2e-5 },
        );
        expect(candidates).toEqual(candidates.toSorted((a, c) => c.logit - a.logit));
        expect(ids[b]).toBe(candidates[0].id);
      }
    }),
  );

  it("are as many as asked for, and their number changes nothing else", () =>
    withModel(tiny, async (model) => {
      const all = await stepsOf(model, idx, { maxNewTokens: 3, topK: 61 });
      for (const topK of [0, 1, 10, 1000]) {
        const steps = await stepsOf(model, idx, { maxNewTokens: 3, topK });
        expect(steps).toEqual(
          all.map((step) => ({ ...step, top: step.top.map((row) => row.slice(0, topK)) })),
        );
      }
      expect(probabilitiesOf(all).reduce((sum, p) => sum + p, 0)).toBeCloseTo(3 * 2, 5);
    }));
});

describe("the number of tokens", () => {
  it("may be none, for which the GPU is not asked", () =>
    withModel(tiny, async (model) => {
      const { accounting } = model.device;
      const before = accounting.createdBytes;
      expect(await stepsOf(model, idx, { maxNewTokens: 0 })).toEqual([]);
      expect(accounting.createdBytes).toBe(before);
    }));

  it("may be one", () =>
    withModel(tiny, async (model) => {
      expect(await stepsOf(model, idx, { maxNewTokens: 1 })).toHaveLength(1);
    }));

  it("is 50 by default, with ten candidates each, in the whole context", () =>
    withModel(tiny, async (model) => {
      const steps = await stepsOf(model, idx, {});
      expect(steps).toHaveLength(50);
      expect(steps).toEqual(await stepsOf(model, idx, { maxNewTokens: 50, topK: 10, contextSize: 8 }));
    }));
});

describe("the note", () => {
  it("says on the first step that without a mask there is no KV cache", () =>
    withModel({ ...tiny, mask: "none" }, async (model) => {
      const [first, ...rest] = await stepsOf(model, idx, { maxNewTokens: 3, kvCache: true });
      expect(first.note).toMatch(/KV cache .* mask "none"/);
      for (const step of rest) expect(step).not.toHaveProperty("note");
      const silent = await stepsOf(model, idx, { maxNewTokens: 3, kvCache: false });
      for (const step of silent) expect(step).not.toHaveProperty("note");
      expect(appended(idx, [first, ...rest])).toEqual(appended(idx, silent));
    }));

  it("is not there with the causal mask", () =>
    withModel(tiny, async (model) => {
      for (const step of await stepsOf(model, idx, { maxNewTokens: 3 }))
        expect(step).not.toHaveProperty("note");
    }));
});

it("leaves the rows it was given as they are", () =>
  withModel(tiny, async (model) => {
    const given = idx.map((row) => [...row]);
    for await (const _ of generate(model, given, { maxNewTokens: 2 })) expect(given).toEqual(idx);
    expect(given).toEqual(idx);
  }));
