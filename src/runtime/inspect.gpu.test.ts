import { describe, expect, it } from "vitest";
import { KVCache } from "../pass/kv-cache.ts";
import type { Inspector, Pass } from "../pass/pass.ts";
import { Workspace } from "../pass/workspace.ts";
import { maxAbsError } from "../test/matchers.ts";
import { tiny, withModel } from "../test/models.ts";
import { inspect } from "./inspect.ts";
import type { ModelHandle } from "./model-handle.ts";

const idx = [
  [3, 14, 15, 9, 26],
  [53, 5, 8, 9, 7],
];

const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });

/** The kernels that a pass over four tokens records. */
function recorded(model: ModelHandle, inspector?: Inspector): string[] {
  const { device } = model;
  const workspace = new Workspace(device, model.config, 4, 1);
  const cache = new KVCache(device, model.config, 1, 4);
  const recording = device.createRecording("test");
  const { mask, kernels } = model;
  const pass: Pass = {
    device,
    recording,
    workspace,
    cache,
    batch: 1,
    num_tokens: 4,
    mask,
    kernels,
    inspector,
  };
  model.network.blocks(pass, workspace.idx);
  const labels = recording.dispatches.map(({ kernel }) => kernel.label);
  for (const owner of [recording, cache, workspace]) owner.destroy();
  return labels;
}

describe("the inspection hook", () => {
  it("adds nothing to a pass that nobody looks into", () =>
    withModel(tiny, async (model) => {
      const silent = { residual: () => {}, attention: () => {} };
      expect(recorded(model)).toEqual(recorded(model, silent));

      const decoding = await model.startDecoding({ batch: 1, capacity: 8, topK: 3 });
      const step = async () => {
        await decoding.prefill([[1, 2, 3]]);
        return decoding.decodeRecording.dispatches.map(({ kernel }) => kernel.label);
      };
      const before = await step();
      await inspect(model, idx);
      expect(await step()).toEqual(before);
      expect(before.filter((label) => /attention-weights|residual-norm/.test(label))).toEqual([]);
      await decoding.destroy();
    }));

  it("hears of every layer once, in order", () =>
    withModel(tiny, async (model) => {
      const heard: string[] = [];
      recorded(model, {
        residual: (_, __, layer) => heard.push(`residual ${layer}`),
        attention: (_, layer) => heard.push(`attention ${layer}`),
      });
      expect(heard).toEqual(["residual 0", "attention 0", "residual 1", "attention 1", "residual 2"]);
    }));
});

it("ends in what the model answers", () =>
  withModel(tiny, async (model) => {
    const { lens } = await inspect(model, idx, { row: 1, topK: 61 });
    const { data } = await model.forward([idx[1]!], { logits: "last" });
    const logits = [...lens.at(-1)!].sort((a, b) => a.id - b.id).map(({ logit }) => logit);
    expect(maxAbsError(logits, data)).toBeLessThan(1e-5);
  }));

it("looks into the row that is asked for", () =>
  withModel(tiny, async (model) => {
    const [first, second] = [await inspect(model, idx), await inspect(model, idx, { row: 1 })];
    expect([first.ids, second.ids]).toEqual(idx);
    expect(first.attention(1, 0)).not.toEqual(second.attention(1, 0));
    expect(await inspect(model, [idx[1]!]).then(({ residualNorms }) => residualNorms)).toEqual(
      second.residualNorms,
    );
  }));

it("does not disturb a text being generated, and leaves nothing on the GPU", () =>
  withModel(tiny, async (model) => {
    const decode = async (look: boolean) => {
      const decoding = await model.startDecoding({ batch: 1, capacity: 8, topK: 3 });
      const choices = [await decoding.prefill([[1, 2, 3]])];
      for (let i = 0; i < 4; i++) {
        const next = decoding.next();
        if (look) await inspect(model, idx);
        choices.push(await next);
      }
      await decoding.destroy();
      return choices;
    };
    expect(await decode(true)).toEqual(await decode(false));
  }));

it("refuses what it cannot show", () =>
  withModel(tiny, async (model) => {
    await expect(inspect(model, idx, { row: 2 })).rejects.toEqual(failure("bad-option"));
    await expect(inspect(model, idx, { topK: 0 })).rejects.toEqual(failure("bad-option"));
    await expect(inspect(model, [[1, 2], [3]])).rejects.toEqual(failure("ragged-batch"));
    await expect(inspect(model, [[61]])).rejects.toEqual(failure("id-out-of-range"));
    await expect(inspect(model, [new Array(9).fill(1)])).rejects.toEqual(failure("too-many-tokens"));
    await expect(inspect(model, idx, { signal: AbortSignal.abort() })).rejects.toEqual(failure("aborted"));
    const { attention } = await inspect(model, idx);
    expect(() => attention(2, 0)).toThrow(RangeError);
    expect(() => attention(0, 2)).toThrow(RangeError);
    const running = inspect(model, idx);
    model.destroy();
    await expect(running).rejects.toEqual(failure("destroyed"));
  }));
