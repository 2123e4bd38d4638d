import { describe, expect, it } from "vitest";
import type { HeadOfLayer } from "../config.ts";
import { inspect } from "../runtime/inspect.ts";
import { stepsOf } from "../test/ids.ts";
import { expectClose, maxAbsError } from "../test/matchers.ts";
import { choicesHere, tiny, withModel } from "../test/models.ts";
import { generate } from "./generate.ts";

const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });
const idx = [
  [7, 1, 44],
  [60, 0, 12],
];
const options = { maxNewTokens: 8, topK: 5 };

describe("a run with all heads", () => {
  it("records nothing for those that could be away", () =>
    withModel(tiny, async (model) => {
      const labels = async (ablate: HeadOfLayer[] | undefined) => {
        const ablated = ablate && new Map(ablate.map(([layer, head]) => [layer, new Set([head])]));
        const decoding = await model.startDecoding({ batch: 1, capacity: 8, topK: 3, ablated });
        await decoding.prefill([[1, 2, 3]]);
        const { prefillRecording, decodeRecording } = decoding;
        const found = [prefillRecording, decodeRecording].map(({ dispatches }) =>
          dispatches.map(({ kernel }) => kernel.label),
        );
        await decoding.destroy();
        return found;
      };
      const whole = await labels(undefined);
      expect(whole.flat()).not.toContain("zero-head");
      for (const [i, step] of (await labels([[1, 0]])).entries()) {
        expect(step.filter((label) => label === "zero-head")).toHaveLength(1);
        expect(step.filter((label) => label !== "zero-head")).toEqual(whole[i]);
      }
    }));

  it("takes no buffer more than one without a head but for the dims of its dispatches", () =>
    withModel(tiny, async (model) => {
      const { accounting } = model.device;
      const created = async (ablate?: HeadOfLayer[]) => {
        const before = accounting.createdBytes;
        await stepsOf(model, idx, { maxNewTokens: 5, ablate });
        return accounting.createdBytes - before;
      };
      const whole = await created();
      // Of the prefill and of the decode step, for all that is generated.
      expect(await created([[0, 1]])).toBeLessThanOrEqual(whole + 2 * 256);
    }));

  it("is the same with an empty list, and after a run without a head", () =>
    withModel(tiny, async (model) => {
      const whole = await stepsOf(model, idx, options);
      const without = await stepsOf(model, idx, { ...options, ablate: [[0, 1]] });
      expect(without[0]!.top).not.toEqual(whole[0]!.top);
      expect(await stepsOf(model, idx, { ...options, ablate: [] })).toEqual(whole);
      expect(await stepsOf(model, idx, options)).toEqual(whole);
    }));
});

it("runs that lack different heads side by side share nothing", () =>
  withModel(tiny, async (model) => {
    const lacking: (HeadOfLayer[] | undefined)[] = [undefined, [[0, 0]], [[0, 1]], [[1, 1]]];
    const alone = [];
    for (const ablate of lacking) alone.push(await stepsOf(model, idx, { ...options, ablate }));
    const runs = lacking.map((ablate) => generate(model, idx, { ...options, ablate }));
    const together = runs.map((): unknown[] => []);
    for (let step = 0; step < options.maxNewTokens; step++) {
      for (const [i, run] of runs.entries())
        together[i]!.push({ ...(await run.next()).value!, milliseconds: 0 });
      await inspect(model, idx, { ablate: [[1, 0]] });
    }
    for (const run of runs) expect(await run.next()).toMatchObject({ done: true });
    expect(together).toEqual(alone);
  }));

it("a head that is named twice is away once", () =>
  withModel(tiny, async (model) => {
    const once = await stepsOf(model, idx, { ...options, ablate: [[1, 0]] });
    const often = Array(100).fill([1, 0]) as HeadOfLayer[];
    expect(await stepsOf(model, idx, { ...options, ablate: often })).toEqual(once);
  }));

it("the bias of out_proj stays where every head is away", () =>
  withModel({ ...tiny, config: { ...tiny.config, n_layers: 1 } }, async (model) => {
    const all: HeadOfLayer[] = [
      [0, 0],
      [0, 1],
    ];
    const { residualNorms } = await inspect(model, idx, { ablate: all });
    const [embedding, block] = residualNorms;
    expect(maxAbsError(block!, embedding!)).toBeGreaterThan(0);
    // Nothing passes from token to token any more: the last one alone decides.
    const last = (row: number[]) => model.forward([row], { ablate: all, logits: "last" });
    const [one, other] = [await last([7, 1, 44]), await last([60, 0, 44])];
    expect(other.data).toEqual(one.data);
    expect((await model.forward([[7, 1, 44]], { logits: "last" })).data).not.toEqual(one.data);
  }));

it("in training mode dropout draws as it does with all heads", () =>
  withModel(tiny, async (model) => {
    // The head's share is zero in the one pass; the draws after it are the same.
    await model.forward(idx, { training: true, ablate: [[0, 0]] });
    const after = await model.forward(idx, { training: true });
    await withModel(tiny, async (fresh) => {
      await fresh.forward(idx, { training: true });
      expect((await fresh.forward(idx, { training: true })).data).toEqual(after.data);
    });
  }));

// So long a context that a decode step splits its keys, where the kernels are those of a graphics card.
describe.each(choicesHere.filter((choice) => choice !== "quads"))(
  "beyond one split, kernels by %s",
  (kernels) => {
    const config = { ...tiny.config, context_length: 200, emb_dim: 32, qkv_bias: true };
    const T = 132;
    const long = [0, 1].map((row) => Array.from({ length: T }, (_, i) => (i * i * 7 + 13 * row + i) % 61));

    it.each(["causal", "none"] as const)("each step gives the logits of a forward pass, mask %s", (mask) =>
      withModel({ seed: 9, config, mask, kernels }, async (model) => {
        const ablate: HeadOfLayer[] = [[0, 1]];
        const steps = await stepsOf(model, long, { maxNewTokens: 4, ablate, logits: true });
        const rows = long.map((row) => [...row]);
        for (const { ids, logits } of steps) {
          const { data } = await model.forward(rows, { ablate, logits: "last" });
          const whole = await model.forward(rows, { logits: "last" });
          expectClose(
            logits!.flatMap((row) => [...row]),
            data,
            { abs: 1e-4 },
          );
          expect(maxAbsError(whole.data, data)).toBeGreaterThan(1e-3);
          for (const [b, id] of ids.entries()) rows[b]!.push(id);
        }
      }),
    );
  },
);

it.each([
  ["a layer that is not there", [[2, 0]]],
  ["a head that is not there", [[0, 2]]],
  ["half a head", [[0, 0.5]]],
  ["no pair", [[0]]],
  ["no list", "0.1"],
])("refuses %s before anything is allocated", (_, wrong) =>
  withModel(tiny, async (model) => {
    const ablate = wrong as unknown as HeadOfLayer[];
    const { createdBytes } = model.device.accounting;
    await expect(stepsOf(model, idx, { ablate })).rejects.toEqual(failure("bad-option"));
    await expect(model.forward(idx, { ablate })).rejects.toEqual(failure("bad-option"));
    await expect(inspect(model, idx, { ablate })).rejects.toEqual(failure("bad-option"));
    expect(model.device.accounting.createdBytes).toBe(createdBytes);
  }),
);
