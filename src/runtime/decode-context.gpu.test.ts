import { afterEach, describe, expect, vi } from "vitest";
import { GpuRecording } from "../gpu/gpu-recording.ts";
import { gpuOf, itOnGpu, tiny, withModel } from "../test/models.ts";

const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });
afterEach(() => vi.restoreAllMocks());

/** Activations of one row take 4 * emb_dim values at their widest. */
const ROW_BYTES = 4 * tiny.config.emb_dim * 4;

/** From now on a GPU says that it binds no more than so many rows. */
const bindsRows = (rows: number) =>
  vi
    .spyOn(GPUSupportedLimits.prototype, "maxStorageBufferBindingSize", "get")
    .mockReturnValue(rows * ROW_BYTES);

const idx = [
  [7, 1, 44, 12, 3, 9],
  [60, 0, 12, 12, 58, 2],
];

itOnGpu("makes room for twice the tokens, as far as the GPU can bind it", () =>
  withModel(tiny, async (model) => {
    const decoding = await model.startDecoding({ batch: 2, capacity: 8, topK: 3 });
    const usual = await decoding.prefill(idx);
    await decoding.destroy();
    bindsRows(13); // 12 are needed, 16 wanted
    const narrow = await model.startDecoding({ batch: 2, capacity: 8, topK: 3 });
    expect(await narrow.prefill(idx)).toEqual(usual);
    await narrow.destroy();
  }),
);

itOnGpu("says so when the GPU cannot bind what is needed", () =>
  withModel(tiny, async (model) => {
    bindsRows(11);
    const decoding = await model.startDecoding({ batch: 2, capacity: 8, topK: 3 });
    await expect(decoding.prefill(idx)).rejects.toEqual(failure("limits-too-small"));
    vi.restoreAllMocks();
    await decoding.destroy();
  }),
);

describe("the first token, while the second's pipelines are not compiled,", () => {
  /** Compiles the decode step only once `compile` is called. */
  function held() {
    let compile!: () => void;
    const promise = new Promise<void>((resolve) => {
      compile = resolve;
    });
    const { prepare } = GpuRecording.prototype;
    vi.spyOn(GpuRecording.prototype, "prepare").mockImplementation(async function (this: GpuRecording) {
      if (this.label === "decode") await promise;
      return prepare.call(this);
    });
    return compile;
  }

  itOnGpu("comes, and the next ones follow once they are, in order", () =>
    withModel(tiny, async (model) => {
      const decoding = await model.startDecoding({ batch: 2, capacity: 9, topK: 3 });
      const usual = [await decoding.prefill(idx), await decoding.next(), await decoding.next()];
      await decoding.destroy();
      const compile = held();
      const late = await model.startDecoding({ batch: 2, capacity: 9, topK: 3 });
      expect(await late.prefill(idx)).toEqual(usual[0]);
      const rest = [late.next(), late.next()];
      compile();
      expect(await Promise.all(rest)).toEqual(usual.slice(1));
      await late.destroy();
    }),
  );

  itOnGpu("may be the last: what is compiled meanwhile is freed", () =>
    withModel(tiny, async (model) => {
      const compile = held();
      const decoding = await model.startDecoding({ batch: 2, capacity: 9, topK: 3 });
      await decoding.prefill(idx);
      const destroyed = decoding.destroy();
      compile();
      await destroyed;
    }),
  );

  itOnGpu("is told of what the compiler refuses by the second", () =>
    withModel(tiny, async (model) => {
      const { prepare } = GpuRecording.prototype;
      vi.spyOn(GpuRecording.prototype, "prepare").mockImplementation(async function (this: GpuRecording) {
        if (this.label === "decode") throw new Error("refused");
        return prepare.call(this);
      });
      const decoding = await model.startDecoding({ batch: 2, capacity: 9, topK: 3 });
      await decoding.prefill(idx);
      await expect(decoding.next()).rejects.toThrow("refused");
      await decoding.destroy();
    }),
  );
});

itOnGpu("reads a long text in several submissions, and to the bit as in one", () => {
  // 2 layers of 12 x 768 x 768 weights over 480 tokens are 1.4 x 10^10 operations.
  const config = { ...tiny.config, context_length: 480, emb_dim: 768, n_heads: 12, n_layers: 2 };
  return withModel({ ...tiny, config, kernels: "quads" }, async (model) => {
    const decoding = await model.startDecoding({ batch: 1, capacity: 480, topK: 3, logits: true });
    const submits = vi.spyOn(gpuOf(model).webgpu.queue, "submit");
    const text = Array.from({ length: 480 }, (_, i) => (i * 7) % 61);
    const { logits } = await decoding.prefill([text]);
    expect(submits).toHaveBeenCalledTimes(2);
    decoding.prefillRecording.run();
    const buffer = decoding.prefillRecording.dispatches.at(-1)!.buffers.logits!;
    const whole = new Float32Array(await model.device.read(buffer, logits![0]!.byteLength));
    expect(logits![0]).toEqual(whole);
    await decoding.destroy();
  });
});
