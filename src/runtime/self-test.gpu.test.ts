import { afterEach, describe, expect, it, vi } from "vitest";
import type { Gpu } from "../gpu/gpu.ts";
import { openGpu } from "../gpu/open-gpu.ts";
import { sharedGpu } from "../gpu/shared-gpu.ts";
import { autotune, tunedKernels } from "../kernels/autotune/autotune.ts";
import { loadTuning, saveTuning } from "../kernels/autotune/kept-tuning.ts";
import { SAFEST } from "../kernels/autotune/tuned-kernels.ts";
import { uploadWeights } from "../loading/upload-weights.ts";
import { destroyTensors } from "../pass/weight-tensors.ts";
import { expectLiveBytes, kernelChoices, tiny } from "../test/models.ts";
import { skipWithoutSubgroups } from "../test/subgroups.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { DecodeContext } from "./decode-context.ts";
import { ModelHandle } from "./model-handle.ts";
import { runSelfTest } from "./self-test.ts";
import { trustAgain } from "./shared-device.ts";

const failed = expect.objectContaining({ name: "NextTokenError", code: "known-answer-failed" });
const asWideAsSmall = { emb_dim: 96, n_heads: 4 };
const { quads } = kernelChoices;
afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

/** Makes the driver compile `wrong` wherever a shader says `right`. Returns how often it did. */
function sabotage({ webgpu }: Gpu, right: string | RegExp, wrong: string): () => number {
  const compile = webgpu.createShaderModule.bind(webgpu);
  let count = 0;
  vi.spyOn(webgpu, "createShaderModule").mockImplementation((descriptor) => {
    const code = descriptor.code.replace(right, wrong);
    if (code !== descriptor.code) count++;
    return compile({ ...descriptor, code });
  });
  return () => count;
}

/** A device on which an earlier visit chose the kernels by quads. */
async function openByQuads(): Promise<Gpu> {
  const device = await openGpu();
  skipWithoutSubgroups(device);
  saveTuning(device, quads);
  expect(await autotune(device)).toEqual(quads);
  return device;
}

describe("a GPU that", () => {
  it("computes rightly passes, and keeps nothing of the question", async () => {
    const device = await openGpu();
    await runSelfTest(device);
    expect(device.accounting.liveBytes).toBe(0);
    const { createdBytes } = device.accounting;
    await runSelfTest(device);
    expect(device.accounting.createdBytes, "it is asked once").toBe(createdBytes);
    device.destroy();
  });

  it("computes rightly passes as wide as the small model", async () => {
    const device = await openGpu();
    await runSelfTest(device, asWideAsSmall);
    expect(device.accounting.liveBytes).toBe(0);
    device.destroy();
  });

  it.each([
    ["does not divide the scores", "score /= sqrt(f32(head_dim));", ""],
    [
      "looks at one key too many",
      "select(dims.num_tokens, t + 1u, causal)",
      "select(dims.num_tokens, t + 2u, causal)",
    ],
    ["forgets where the cache ends", "let position = cache_len[0] + row", "let position = row"],
    ["has another tanh", "tanh(clamp", "0.9 * tanh(clamp"],
    ["forgets biases", "if (has_bias)", "if (false)"],
    ["loses the residual stream", "if (has_shortcut)", "if (false)"],
    ["norms by the wrong deviation", "/ deviation", "/ (deviation * 1.01)"],
    ["always chooses token 0", "chosen[row] = id;", "chosen[row] = 0u;"],
    [
      "computes not-a-numbers",
      "let rescale = exp(before - maximum);",
      "let rescale = bitcast<f32>(0x7fc00000u + kv_len);",
    ],
  ])("%s is found out", async (_, right, wrong) => {
    for (const like of [{}, asWideAsSmall]) {
      const device = await openGpu();
      const replaced = sabotage(device, right, wrong);
      await expect(runSelfTest(device, like)).rejects.toEqual(failed);
      expect(replaced()).toBeGreaterThan(0);
      expect(device.accounting.liveBytes).toBe(0);
      device.destroy();
    }
  });

  it("computes wrongly with the kernels that were chosen gets safer ones, which are kept, and passes", async () => {
    const device = await openByQuads();
    const replaced = sabotage(device, "dot4(four, quadSwapDiagonal(vec))", "dot4(four, vec)");
    await runSelfTest(device);
    expect(replaced()).toBeGreaterThan(0);
    expect(tunedKernels(device)).toEqual(SAFEST);
    expect(loadTuning(device)).toEqual(SAFEST);
    expect(device.accounting.liveBytes).toBe(0);
    device.destroy();
  });

  it("refuses a kernel that was chosen gets safer ones", async () => {
    const device = await openByQuads();
    sabotage(device, "dot4(four, quadSwapDiagonal(vec))", "no WGSL");
    await runSelfTest(device);
    expect(tunedKernels(device)).toEqual(SAFEST);
    device.destroy();
  });

  it("computes wrongly with any kernels keeps no choice", async () => {
    localStorage.clear();
    const device = await openGpu();
    await autotune(device);
    sabotage(device, "if (has_shortcut)", "if (false)");
    await expect(runSelfTest(device)).rejects.toEqual(failed);
    expect(localStorage).toHaveLength(0);
    device.destroy();
  });

  it("has no room for the question keeps nothing of it", async () => {
    const device = await openGpu();
    const own = new Error("no room");
    const open = DecodeContext.open;
    vi.spyOn(DecodeContext, "open").mockImplementationOnce(open).mockRejectedValueOnce(own);
    await expect(runSelfTest(device)).rejects.toBe(own);
    expect(device.accounting.liveBytes).toBe(0);
    await runSelfTest(device); // asked again, once there is
    device.destroy();
  });

  it("is lost during the question says so", async () => {
    const device = await openGpu();
    const answer = runSelfTest(device);
    device.destroy();
    await expect(answer).rejects.toEqual(expect.objectContaining({ code: "device-lost" }));
  });
});

it("a model is not given out by a GPU that computes wrongly: the processor takes its place, unless the GPU was asked for", async () => {
  const device = await sharedGpu();
  sabotage(device, "if (has_shortcut)", "if (false)"); // in the epilogue of every product, whichever variant was chosen
  const onGpu = () => ModelHandle.fromSeed(tiny.seed, tiny.config, { device: "gpu" });
  await expect(onGpu()).rejects.toEqual(failed);
  await expectLiveBytes(device, 0);
  await expect(onGpu(), "nor at the next try").rejects.toEqual(failed);
  await expectLiveBytes(device, 0);

  const model = await ModelHandle.fromSeed(tiny.seed, tiny.config);
  expect(model.adapter.kind).toBe("cpu");
  expect(model.insteadOfGpu).toBe("known-answer-failed");
  await expectLiveBytes(device, 0);
  expect((await model.forward([[1, 2, 3]])).shape).toEqual([1, 3, 61]);
  model.destroy();
  trustAgain();
});

it("a model lets the kernels compete again, and a text that is being written keeps its own", async () => {
  const device = await openGpu();
  saveTuning(device, SAFEST);
  await autotune(device);
  const tensors = await uploadWeights(device, seededWeights(tiny.seed, tiny.config));
  const release = () => destroyTensors(device, tensors);
  const model = new ModelHandle(device, tiny.config, tensors, {
    mask: "causal",
    openDropout: undefined,
    release,
  });
  expect(model.kernels).toEqual(SAFEST);
  const decoding = await model.startDecoding({ batch: 1, capacity: 8, topK: 1 });
  const { top } = await decoding.prefill([[1, 2, 3]]);

  await model.chooseKernels();
  expect(loadTuning(device), "it passed the self-test").toEqual(model.kernels);
  expect((await decoding.prefill([[1, 2, 3]])).top).toEqual(top);

  await decoding.destroy();
  model.destroy();
  device.destroy();
});
