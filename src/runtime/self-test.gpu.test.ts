import { afterEach, describe, expect, it, vi } from "vitest";
import { type Engine, openEngine, sharedEngine } from "../gpu/engine.ts";
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

const failed = expect.objectContaining({ name: "NextTokenError", code: "known-answer-failed" });
const { quads } = kernelChoices;
afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

/** Makes the driver compile `wrong` wherever a shader says `right`. Returns how often it did. */
function sabotage({ gpu: { device } }: Engine, right: string | RegExp, wrong: string): () => number {
  const compile = device.createShaderModule.bind(device);
  let count = 0;
  vi.spyOn(device, "createShaderModule").mockImplementation((descriptor) => {
    const code = descriptor.code.replace(right, wrong);
    if (code !== descriptor.code) count++;
    return compile({ ...descriptor, code });
  });
  return () => count;
}

/** An engine on which an earlier visit chose the kernels by quads. */
async function openByQuads(): Promise<Engine> {
  const engine = await openEngine();
  skipWithoutSubgroups(engine.gpu);
  saveTuning(engine, quads);
  expect(await autotune(engine)).toEqual(quads);
  return engine;
}

describe("a GPU that", () => {
  it("computes rightly passes, and keeps nothing of the question", async () => {
    const engine = await openEngine();
    await runSelfTest(engine);
    expect(engine.gpu.accounting.liveBytes).toBe(0);
    const { createdBytes } = engine.gpu.accounting;
    await runSelfTest(engine);
    expect(engine.gpu.accounting.createdBytes, "it is asked once").toBe(createdBytes);
    engine.gpu.destroy();
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
    const engine = await openEngine();
    const replaced = sabotage(engine, right, wrong);
    await expect(runSelfTest(engine)).rejects.toEqual(failed);
    expect(replaced()).toBeGreaterThan(0);
    expect(engine.gpu.accounting.liveBytes).toBe(0);
    engine.gpu.destroy();
  });

  it("computes wrongly with the kernels that were chosen gets safer ones, which are kept, and passes", async () => {
    const engine = await openByQuads();
    const replaced = sabotage(engine, "dot4(four, quadSwapDiagonal(vec))", "dot4(four, vec)");
    await runSelfTest(engine);
    expect(replaced()).toBeGreaterThan(0);
    expect(tunedKernels(engine)).toEqual(SAFEST);
    expect(loadTuning(engine)).toEqual(SAFEST);
    expect(engine.gpu.accounting.liveBytes).toBe(0);
    engine.gpu.destroy();
  });

  it("refuses a kernel that was chosen gets safer ones", async () => {
    const engine = await openByQuads();
    sabotage(engine, "dot4(four, quadSwapDiagonal(vec))", "no WGSL");
    await runSelfTest(engine);
    expect(tunedKernels(engine)).toEqual(SAFEST);
    engine.gpu.destroy();
  });

  it("computes wrongly with any kernels keeps no choice", async () => {
    localStorage.clear();
    const engine = await openEngine();
    await autotune(engine);
    sabotage(engine, "if (has_shortcut)", "if (false)");
    await expect(runSelfTest(engine)).rejects.toEqual(failed);
    expect(localStorage).toHaveLength(0);
    engine.gpu.destroy();
  });

  it("has no room for the question keeps nothing of it", async () => {
    const engine = await openEngine();
    const own = new Error("no room");
    vi.spyOn(DecodeContext, "open").mockRejectedValueOnce(own);
    await expect(runSelfTest(engine)).rejects.toBe(own);
    expect(engine.gpu.accounting.liveBytes).toBe(0);
    await runSelfTest(engine); // asked again, once there is
    engine.gpu.destroy();
  });

  it("is lost during the question says so", async () => {
    const engine = await openEngine();
    const answer = runSelfTest(engine);
    engine.gpu.destroy();
    await expect(answer).rejects.toEqual(expect.objectContaining({ code: "device-lost" }));
  });
});

it("a model is not given out by a GPU that computes wrongly", async () => {
  const engine = await sharedEngine();
  sabotage(engine, "if (has_shortcut)", "if (false)"); // in the epilogue of every product, whichever variant was chosen
  await expect(ModelHandle.fromSeed(tiny.seed, tiny.config)).rejects.toEqual(failed);
  await expectLiveBytes(engine, 0);
  await expect(ModelHandle.fromSeed(tiny.seed, tiny.config), "nor at the next try").rejects.toEqual(failed);
  await expectLiveBytes(engine, 0);
});

it("a model lets the kernels compete again, and a text that is being written keeps its own", async () => {
  const engine = await openEngine();
  saveTuning(engine, SAFEST);
  await autotune(engine);
  const tensors = await uploadWeights(engine, seededWeights(tiny.seed, tiny.config));
  const release = () => destroyTensors(engine.gpu, tensors);
  const model = new ModelHandle(engine, tiny.config, tensors, {
    mask: "causal",
    openDropout: undefined,
    release,
  });
  expect(model.kernels).toEqual(SAFEST);
  const decoding = await model.startDecoding({ batch: 1, capacity: 8, topK: 1 });
  const { top } = await decoding.prefill([[1, 2, 3]]);

  await model.chooseKernels();
  expect(loadTuning(engine), "it passed the self-test").toEqual(model.kernels);
  expect((await decoding.prefill([[1, 2, 3]])).top).toEqual(top);

  await decoding.destroy();
  model.destroy();
  engine.gpu.destroy();
});
