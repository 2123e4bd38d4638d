import { describe, expect, it, vi } from "vitest";
import { sourceFor } from "../device/kernel.ts";
import { bytesRead } from "../kernels/bytes.ts";
import type { ModelHandle } from "../runtime/model-handle.ts";
import { choicesHere, gpuOf, hasWebGpu, itOnGpu, tiny, withModel } from "../test/models.ts";
import { profileStep } from "./profile-step.ts";

const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });
const idx = [
  [3, 14, 15, 9],
  [53, 5, 8, 9],
];

/** The step that `generate` would run after `idx`. */
async function decodeStep(model: ModelHandle) {
  const decoding = await model.startDecoding({ batch: 2, capacity: 4, topK: 10 });
  await decoding.prefill(idx);
  const { dispatches } = decoding.decodeRecording;
  await decoding.destroy();
  return [...dispatches];
}

describe.each(choicesHere)("kernels by %s", (kernels) => {
  it("shows the dispatches of a decode step, each with its shader, bytes and time", () =>
    withModel({ ...tiny, kernels }, async (model) => {
      const step = await decodeStep(model);
      const profile = await profileStep(model, idx);
      const { dispatches } = profile;
      expect(dispatches.map(({ kernel }) => kernel)).toEqual(step.map(({ kernel }) => kernel.label));
      expect(dispatches.map(({ wgsl }) => wgsl)).toEqual(
        step.map(({ kernel, dims }) => sourceFor(kernel, dims)),
      );
      const timing = hasWebGpu ? "timestamp-query" : "processor-clock";
      expect(profile).toMatchObject({ timing, context: 4, computed: 1 });
      const counterparts = step.map(({ kernel }) => (hasWebGpu ? undefined : kernel.cpu!.name));
      expect(dispatches.map(({ counterpart }) => counterpart)).toEqual(counterparts);
      expect(profile.milliseconds).toBeGreaterThan(0);
      for (const { bytesRead, bytesWritten, microseconds } of dispatches) {
        expect(bytesRead).toBeGreaterThan(0);
        expect(bytesWritten).toBeGreaterThan(0);
        expect(microseconds).toBeGreaterThanOrEqual(0);
      }
      const total = dispatches.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
      expect(total).toBeGreaterThan(bytesRead(step, 4));
      expect(dispatches.some(({ microseconds }) => microseconds! > 0)).toBe(true);
    }));

  it("shows the step without the cache", () =>
    withModel({ ...tiny, kernels }, async (model) => {
      const { dispatches, computed } = await profileStep(model, idx, { kvCache: false, topK: 0 });
      expect(computed).toBe(4);
      const embedding = dispatches[0]!;
      expect(embedding.dims.num_rows).toBe(8);
      // A graphics card searches a row by blocks, of which 61 logits are one.
      const isCard = kernels === "subgroups" || kernels === "memory";
      const searching = isCard ? dispatches.at(-2) : dispatches.at(-1);
      const kernel = isCard ? "top-k-blocks" : "argmax";
      const words = isCard ? 3 : 1; // of a row: the best one and the sum, or its id
      expect(searching).toMatchObject({ kernel, bytesRead: 2 * 61 * 4, bytesWritten: 2 * words * 4 });
      expect(dispatches.at(-1)!.workgroups).toEqual([2, 1, 1]);
    }));
});

itOnGpu.each([
  { kernels: "memory", ofABlock: 5, others: 4 }, // the best are searched by blocks, and merged
  { kernels: "subgroups", ofABlock: 5, others: 4 },
  { kernels: "quads", ofABlock: 7, others: 4 }, // its products do no LayerNorm on the way in: final_norm stands alone
] as const)(
  "by $kernels takes $ofABlock dispatches a block, and $others more",
  ({ kernels, ofABlock, others }) =>
    withModel({ ...tiny, kernels }, async (model) => {
      const { dispatches } = await profileStep(model, idx);
      const blocks = dispatches.filter(({ module }) => module?.startsWith("trf_blocks."));
      expect(blocks).toHaveLength(ofABlock * tiny.config.n_layers);
      expect(dispatches).toHaveLength(blocks.length + others);
    }),
);

it("names the modules, in the order of the forward pass", () =>
  withModel(tiny, async (model) => {
    const { dispatches } = await profileStep(model, idx);
    const modules = [...new Set(dispatches.map(({ module }) => module))];
    const block = (i: number) =>
      ["norm1", "att.W_qkv", "att", "att.out_proj", "norm2", "ff.layers.0", "ff.layers.2"].map(
        (name) => `trf_blocks.${i}.${name}`,
      );
    expect(modules).toEqual(["tok_emb", ...block(0), ...block(1), "final_norm", "out_head", undefined]);
    expect(dispatches.at(-1)!.kernel).toBe("top-k"); // which chooses, too
  }));

itOnGpu("counts the second pass of attention to its module", () =>
  withModel(
    { ...tiny, config: { ...tiny.config, context_length: 200 }, kernels: "subgroups" },
    async (model) => {
      const { dispatches } = await profileStep(model, [new Array(150).fill(1)]);
      const combined = dispatches.filter(({ kernel }) => kernel === "flash-decoding-combine");
      expect(combined.map(({ module }) => module)).toEqual(["trf_blocks.0.att", "trf_blocks.1.att"]);
      expect(dispatches.at(-1)!.module).toBeUndefined();
    },
  ),
);

it("counts what takes a head away to attention, with the bytes that it writes", () =>
  withModel(tiny, async (model) => {
    const { dispatches } = await profileStep(model, idx, { ablate: [[1, 0]] });
    const [zeroed, ...others] = dispatches.filter(({ kernel }) => kernel === "zero-head");
    expect(others).toEqual([]);
    const head_dim = tiny.config.emb_dim / tiny.config.n_heads;
    expect(zeroed).toMatchObject({
      module: "trf_blocks.1.att",
      bytesRead: 0,
      bytesWritten: 4 * idx.length * head_dim,
    });
    expect(dispatches.at(-1)!.module).toBeUndefined();
    const whole = await profileStep(model, idx);
    expect(whole.dispatches).toHaveLength(dispatches.length - 1);
  }));

it("reads the whole context where there is nothing to keep", () =>
  withModel({ ...tiny, mask: "none" }, async (model) => {
    expect(await profileStep(model, idx)).toMatchObject({ context: 4, computed: 4 });
  }));

itOnGpu("says so where the GPU has no clock to ask", () =>
  withModel(tiny, async (model) => {
    const device = gpuOf(model);
    const has = vi.spyOn(device, "features", "get").mockReturnValue(new Set());
    try {
      const { timing, milliseconds, dispatches } = await profileStep(model, idx);
      expect(timing).toBe("wall-clock");
      expect(milliseconds).toBeGreaterThan(0);
      expect(new Set(dispatches.map(({ microseconds }) => microseconds))).toEqual(new Set([undefined]));
    } finally {
      has.mockRestore();
    }
  }),
);

it("measures how fast the adapter reads, where a tensor is large enough to tell", async () => {
  await withModel({ ...tiny, config: { ...tiny.config, vocab_size: 17_000 } }, async (model) => {
    const { bandwidth } = await profileStep(model, idx);
    expect(bandwidth).toBeGreaterThan(0.01);
  });
});

itOnGpu("has no times where a step has more dispatches than a query set takes, 2048", () =>
  withModel({ ...tiny, config: { ...tiny.config, n_layers: 300 } }, async (model) => {
    const { timing, dispatches } = await profileStep(model, idx);
    expect(dispatches.length).toBeGreaterThan(2048);
    expect(timing).toBe("wall-clock");
    model.device.check();
  }),
);

itOnGpu("reads no weights of a model that was destroyed meanwhile", () =>
  withModel(tiny, async (model) => {
    const { webgpu } = gpuOf(model);
    const submit = vi.spyOn(webgpu.queue, "submit");
    try {
      const profile = profileStep(model, idx);
      await expect.poll(() => submit.mock.calls.length).toBeGreaterThan(0);
      model.destroy();
      await expect(profile).rejects.toEqual(failure("destroyed"));
      await model.device.finished(); // throws what WebGPU would say of weights that are gone
    } finally {
      submit.mockRestore();
    }
  }),
);

it("refuses what the model cannot read", () =>
  withModel(tiny, async (model) => {
    await expect(profileStep(model, [[1, 2], [3]])).rejects.toEqual(failure("ragged-batch"));
    await expect(profileStep(model, [new Array(9).fill(1)])).rejects.toEqual(failure("too-many-tokens"));
    await expect(profileStep(model, idx, { topK: -1 })).rejects.toEqual(failure("bad-option"));
    const stopped = { signal: AbortSignal.abort() };
    await expect(profileStep(model, idx, stopped)).rejects.toEqual(failure("aborted"));
  }));
