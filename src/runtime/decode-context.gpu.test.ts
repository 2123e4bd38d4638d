import { afterEach, expect, it, vi } from "vitest";
import { tiny, withModel } from "../test/models.ts";

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

it("makes room for twice the tokens, as far as the GPU can bind it", () =>
  withModel(tiny, async (model) => {
    const decoding = await model.startDecoding({ batch: 2, capacity: 8, topK: 3 });
    const usual = await decoding.prefill(idx);
    await decoding.destroy();
    bindsRows(13); // 12 are needed, 16 wanted
    const narrow = await model.startDecoding({ batch: 2, capacity: 8, topK: 3 });
    expect(await narrow.prefill(idx)).toEqual(usual);
    await narrow.destroy();
  }));

it("says so when the GPU cannot bind what is needed", () =>
  withModel(tiny, async (model) => {
    bindsRows(11);
    const decoding = await model.startDecoding({ batch: 2, capacity: 8, topK: 3 });
    await expect(decoding.prefill(idx)).rejects.toEqual(failure("limits-too-small"));
    vi.restoreAllMocks();
    await decoding.destroy();
  }));
