import { afterAll, beforeAll, expect, it, vi } from "vitest";
import notebook from "../../tools/parity/notebook.json";
import { GPT_CONFIG_124M } from "../config.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { ModelHandle } from "../runtime/model-handle.ts";
import { DEFAULT_LIMITS, modestAdapter } from "../test/adapters.ts";
import { appended, stepsOf } from "../test/ids.ts";
import { expectLogits } from "../test/logits.ts";
import { report } from "../test/report.ts";

// The notebook's model on an adapter that offers WebGPU's default limits and no feature. The embedding and the head,
// 154,389,504 bytes each, do not fit into one binding of 134,217,728 there.

const TOLERANCE = 1e-3;
let model: ModelHandle;

beforeAll(async () => {
  const request = navigator.gpu.requestAdapter.bind(navigator.gpu);
  vi.spyOn(navigator.gpu, "requestAdapter").mockImplementation(async (options) => {
    const adapter = await request(options);
    return adapter && modestAdapter(adapter);
  });
  model = await ModelHandle.fromSeed(notebook.seed, GPT_CONFIG_124M);
});
afterAll(() => {
  model.destroy();
  vi.restoreAllMocks();
});

it("runs on a device without more than the default limits", () => {
  const { limits, features } = (model.device as Gpu).webgpu;
  for (const [name, limit] of Object.entries(DEFAULT_LIMITS)) {
    expect(limits[name as keyof typeof DEFAULT_LIMITS], name).toBe(limit);
  }
  expect(features.has("subgroups")).toBe(false);
  expect(model.network.embedding.tok_emb.parts.map(({ rows }) => rows)).toEqual([43690, 6567]);
  expect(model.network.out_head.weight.parts.map(({ rows }) => rows)).toEqual([43690, 6567]);
});

it("gives PyTorch's logits", async () => {
  const error = expectLogits(await model.forward(notebook.batch), notebook.causal.eval_logits, TOLERANCE);
  report("notebook, default limits: largest error of the logits", error, TOLERANCE);
});

it("chooses PyTorch's ids", async () => {
  const steps = await stepsOf(model, notebook.prompt, { maxNewTokens: 6 });
  expect(appended(notebook.prompt, steps)).toEqual([notebook.causal.generated.slice(0, 10)]);
  // Some ids of the batch and of these lie in the first part, and some in the second.
  expect(steps.some(({ ids: [id] }) => id < 43690)).toBe(true);
  expect(steps.some(({ ids: [id] }) => id >= 43690)).toBe(true);
});
