import { describe, expect, it, vi } from "vitest";
import { uploadWeights } from "../loading/upload-weights.ts";
import { destroyTensors } from "../pass/weight-tensors.ts";
import { GPTModel as ReferenceModel } from "../reference/gpt-model.ts";
import { logitsAt } from "../test/logits.ts";
import { expectClose, maxAbsError } from "../test/matchers.ts";
import { testDevice, tiny, withModel } from "../test/models.ts";
import { seededWeights } from "../test/seeded-weights.ts";
import { seededWeights as seededSource } from "../weights/seed/seeded.ts";
import { ModelHandle } from "./model-handle.ts";

const idx = [
  [7, 1, 44, 12, 3],
  [60, 0, 12, 12, 59],
];
const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });

describe("the logits", () => {
  it("of the last position are the last of all, and there are none of others", () =>
    withModel(tiny, async (model) => {
      const all = await model.forward(idx);
      const last = await model.forward(idx, { logits: "last" });
      expect(all.shape).toEqual([2, 5, 61]);
      expect(last.shape).toEqual([2, 1, 61]);
      expect(last.data).toHaveLength(2 * 61);
      for (const b of [0, 1]) expectClose(logitsAt(last, b, 0), logitsAt(all, b, 4), { abs: 1e-6 });
    }));

  it.each([[[0]], [[3, 1]], [[0, 2, 4]], [[]]])("of the positions %j are those of all", (positions) =>
    withModel(tiny, async (model) => {
      const all = await model.forward(idx);
      const some = await model.forward(idx, { logits: positions });
      expect(some.shape).toEqual([2, positions.length, 61]);
      expect(some.data).toHaveLength(2 * positions.length * 61);
      for (const b of [0, 1])
        for (const [i, position] of positions.entries())
          expectClose(logitsAt(some, b, i), logitsAt(all, b, position), { abs: 1e-6 });
    }),
  );

  it("of a position that is not there are refused", () =>
    withModel(tiny, async (model) => {
      for (const position of [5, -1, 0.5, Number.NaN])
        await expect(model.forward(idx, { logits: [position] })).rejects.toEqual(failure("bad-option"));
    }));

  it("are the same in several rounds through the head", () => {
    // 32 MiB of logits at a time are 17 positions of this vocabulary.
    const config = { ...tiny.config, vocab_size: 480_000, context_length: 24, emb_dim: 4, n_layers: 1 };
    return withModel({ seed: 3, config }, async (model) => {
      const row = Array.from({ length: 24 }, (_, t) => (t * 19_997) % 480_000);
      const all = await model.forward([row]);
      expect(all.shape).toEqual([1, 24, 480_000]);
      for (const t of [0, 16, 17, 23]) {
        const alone = await model.forward([row.slice(0, t + 1)], { logits: "last" });
        expect(maxAbsError(logitsAt(all, 0, t), alone.data), `position ${t}`).toBeLessThan(1e-6);
      }
    });
  });

  it("of a row do not depend on the other rows", () =>
    withModel(tiny, async (model) => {
      const both = await model.forward(idx);
      const second = await model.forward([idx[1]]);
      expectClose(both.data.subarray(5 * 61), second.data, { abs: 1e-6 });
      expect(maxAbsError(both.data.subarray(0, 5 * 61), second.data)).toBeGreaterThan(0.1);
    }));

  it("do not depend on what was computed before", () =>
    withModel(tiny, async (model) => {
      const first = await model.forward(idx);
      await model.forward([[1, 2]]);
      expect((await model.forward(idx)).data).toEqual(first.data);
    }));

  it("are of later tokens only without a mask", async () => {
    const changed = [idx[0], [60, 0, 12, 12, 58]];
    const firstFour = async (model: ModelHandle, rows: number[][]) =>
      (await model.forward(rows)).data.subarray(5 * 61, 9 * 61);
    await withModel(tiny, async (model) => {
      expect(await firstFour(model, changed)).toEqual(await firstFour(model, idx));
    });
    await withModel({ ...tiny, mask: "none" }, async (model) => {
      expect(maxAbsError(await firstFour(model, changed), await firstFour(model, idx))).toBeGreaterThan(1e-3);
    });
  });

  it("are given up to the model's context_length", () =>
    withModel(tiny, async (model) => {
      const full = [7, 1, 44, 12, 3, 9, 9, 9];
      expect((await model.forward([full])).shape).toEqual([1, 8, 61]);
      expect(() => model.forward([[...full, 9]])).toThrow(failure("too-many-tokens"));
    }));

  it("say so where there are more than JavaScript gives memory for", () =>
    withModel(tiny, async (model) => {
      const full = () => {
        throw new RangeError("Array buffer allocation failed");
      };
      vi.stubGlobal("Float32Array", full);
      const logits = model.forward(idx);
      await expect(logits.finally(() => vi.unstubAllGlobals())).rejects.toEqual(failure("too-many-tokens"));
    }));
});

describe("training mode", () => {
  it("draws on from call to call, as PyTorch does", () =>
    withModel(tiny, async (model) => {
      const { weights, generator } = seededWeights(tiny.config, tiny.seed);
      const reference = new ReferenceModel(weights, tiny.config);
      // Asked for at once: they wait for one another, because the order of the draws is part of the result.
      const training = { training: true };
      const found = await Promise.all([
        model.forward(idx, training),
        model.forward(idx),
        model.forward(idx, training),
      ]);
      const expected = [
        reference.forward(idx, () => generator.draw()),
        reference.forward(idx),
        reference.forward(idx, () => generator.draw()),
      ];
      for (const [i, { data }] of found.entries()) expectClose(data, expected[i], { abs: 1e-5 });
      expect(maxAbsError(expected[0], expected[2])).toBeGreaterThan(0.1);
    }));

  it("of two models of one seed begins with the same draws", () =>
    withModel(tiny, (first) =>
      withModel(tiny, async (second) => {
        const logits = await first.forward(idx, { training: true });
        expect((await second.forward(idx, { training: true })).data).toEqual(logits.data);
      }),
    ));

  it("drops nothing at a rate of 0", () =>
    withModel({ ...tiny, config: { ...tiny.config, drop_rate: 0 } }, async (model) => {
      const { data } = await model.forward(idx);
      expectClose((await model.forward(idx, { training: true })).data, data, { abs: 1e-6 });
    }));

  it("needs the generator that made the weights", async () => {
    const device = await testDevice();
    const tensors = await uploadWeights(device, seededSource(tiny.seed, tiny.config));
    const release = () => destroyTensors(device, tensors);
    const model = new ModelHandle(device, tiny.config, tensors, { mask: "causal", release });
    const { liveBytes } = device.accounting;
    await expect(model.forward(idx, { training: true })).rejects.toEqual(failure("bad-option"));
    expect(device.accounting.liveBytes).toBe(liveBytes);
    expect((await model.forward(idx)).shape).toEqual([2, 5, 61]); // the next call is not held up
    model.destroy();
  });
});

it("leaves nothing on the GPU but the weights", () =>
  withModel(tiny, async (model) => {
    const { accounting } = model.device;
    const before = accounting.liveBytes;
    await model.forward(idx, { training: true });
    await model.forward(idx, { logits: "last" });
    expect(accounting.liveBytes).toBe(before);
  }));
