import { describe, expect, it } from "vitest";
import { logitSummary } from "../reference/logit-summary.ts";
import { softmax } from "../reference/softmax.ts";
import { appended, stepsOf } from "../test/ids.ts";
import { tiny, withModel } from "../test/models.ts";
import { sample } from "./sampling.ts";

const idx = [
  [7, 1, 44],
  [60, 0, 12],
];

describe("the logits of each step", () => {
  it("are those of the forward pass over the same rows, for each row and at every step", () =>
    withModel(tiny, async (model) => {
      // Ten tokens: the cache is filled, and the context slides.
      const steps = await stepsOf(model, idx, { maxNewTokens: 10, logits: true });
      const { vocab_size, context_length } = model.config;
      for (const [made, { logits }] of steps.entries()) {
        const rows = appended(idx, steps.slice(0, made)).map((row) => row.slice(-context_length));
        const { data } = await model.forward(rows, { logits: "last" });
        expect(logits).toEqual([data.subarray(0, vocab_size), data.subarray(vocab_size)]);
      }
    }));

  it("are not there unless asked for", () =>
    withModel(tiny, async (model) => {
      for (const step of await stepsOf(model, idx, { maxNewTokens: 2 }))
        expect(step).not.toHaveProperty("logits");
      const sampled = await stepsOf(model, idx, { maxNewTokens: 2, sampling: { temperature: 1, seed: 1 } });
      for (const step of sampled) expect(step).not.toHaveProperty("logits");
    }));
});

describe("the summary of each step", () => {
  it.each([undefined, { temperature: 1.5, seed: 11 }])(
    "is that of its logits, and tells what was chosen: %o",
    (sampling) =>
      withModel(tiny, async (model) => {
        const { vocab_size } = model.config;
        const options = { maxNewTokens: 10, topK: 3, sampling, summary: true, logits: true };
        for (const { ids, logits, summary, chosen, top } of await stepsOf(model, idx, options)) {
          expect(summary).toHaveLength(idx.length);
          for (const [row, scores] of logits!.entries()) {
            const [expected] = logitSummary(scores, vocab_size, 48);
            const { min, max, bins, entropy, logSumExp } = summary![row];
            expect({ min, max, bins }).toEqual({ min: expected.min, max: expected.max, bins: expected.bins });
            expect(entropy).toBeCloseTo(expected.entropy, 5);
            expect(logSumExp).toBeCloseTo(expected.logSumExp, 5);
            const { id, logit, probability } = chosen![row];
            expect([id, logit]).toEqual([ids[row], scores[id]]);
            expect(probability).toBeCloseTo(softmax(scores, vocab_size)[id], 6);
            expect(top[row].find((candidate) => candidate.id === id)?.probability ?? probability).toBe(
              probability,
            );
          }
        }
      }),
  );

  it("is not there unless asked for, and costs no dispatch", () =>
    withModel(tiny, async (model) => {
      for (const step of await stepsOf(model, idx, { maxNewTokens: 2 })) {
        expect(step).not.toHaveProperty("summary");
        expect(step).not.toHaveProperty("chosen");
      }
      const labels = async (summary: boolean) => {
        const decoding = await model.startDecoding({ batch: 1, capacity: 8, topK: 3, summary });
        await decoding.prefill([[1]]);
        const found = decoding.decodeRecording.dispatches.map(({ kernel }) => kernel.label);
        await decoding.destroy();
        return found;
      };
      const added = ["logit-moments", "logit-summary"];
      expect(await labels(true)).toEqual([...(await labels(false)), ...added]);
    }));
});

describe("sampling", () => {
  const sampling = { temperature: 1.5, topK: 20, seed: 11 };

  it("draws from each step's own logits, and the model reads what was drawn", () =>
    withModel(tiny, async (model) => {
      const steps = await stepsOf(model, idx, { maxNewTokens: 10, sampling, logits: true });
      const rows = appended(idx, steps);
      for (const [made, { ids, logits }] of steps.entries()) {
        expect(ids).toEqual(logits!.map((row, r) => sample(row, sampling, r, 3 + made).id));
        const context = rows.map((row) => row.slice(0, 3 + made).slice(-model.config.context_length));
        const [anew] = await stepsOf(model, context, { maxNewTokens: 1, logits: true });
        expect(logits).toEqual(anew.logits);
      }
      const greedy = await stepsOf(model, idx, { maxNewTokens: 10 });
      expect(rows).not.toEqual(appended(idx, greedy));
    }));

  it("goes on after a break as if there had been none", () =>
    withModel(tiny, async (model) => {
      const whole = appended(idx, await stepsOf(model, idx, { maxNewTokens: 7, sampling }));
      const half = appended(idx, await stepsOf(model, idx, { maxNewTokens: 3, sampling }));
      expect(appended(half, await stepsOf(model, half, { maxNewTokens: 4, sampling }))).toEqual(whole);
    }));

  it("refuses a temperature of zero before anything is computed", () =>
    withModel(tiny, async (model) => {
      const steps = stepsOf(model, idx, { maxNewTokens: 1, sampling: { temperature: 0, seed: 1 } });
      await expect(steps).rejects.toMatchObject({ code: "bad-option" });
    }));
});
