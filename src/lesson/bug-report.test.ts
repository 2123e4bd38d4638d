import { expect, it } from "vitest";
import { NextTokenError } from "../errors.ts";
import { bugReport } from "./bug-report.ts";
import { nameFile } from "./models/chosen-files.ts";
import { initialState } from "./session-state.ts";
import { defaultSettings } from "./settings.ts";

const adapter = { kind: "gpu" as const, name: "nvidia ampere", isSoftware: false };
const kernels = { one: "matmulQuad", few: "matmulQuad", many: "matmulTiled", attention: "flash" } as never;

it("tells who computes, by what, and how it was set", () => {
  const state = {
    ...initialState,
    computing: { adapter, insteadOfGpu: undefined },
    failure: new NextTokenError("gpu-error", "Something with a prompt in it."),
  };
  expect(bugReport("Firefox/153", state, defaultSettings, kernels)).toBe(
    [
      "Browser: Firefox/153",
      "Computes: Adapter: nvidia ampere.",
      "Kernels: one matmulQuad, few matmulQuad, many matmulTiled, attention flash",
      "Model: seed:123",
      "Settings: device auto, mask causal, KV cache on, context 1024",
      "Failure: gpu-error",
    ].join("\n"),
  );
});

it.each([
  ["seed:123#n_layers=4&emb_dim=96", "seed:123#n_layers=4&emb_dim=96"],
  ["gpt2-medium", "gpt2-medium"],
  ["small:500", "small:500"],
  ["https://example.org/secret.safetensors?token=1", "an address"],
  ["models/mine.safetensors", "an address"],
  ["//example.org/x", "an address"],
  [nameFile(new File([], "diary.safetensors")), "a file"],
  ["file:diary.safetensors", "a file"],
])("of the model %j it says %j", (model, said) => {
  expect(bugReport("", initialState, { ...defaultSettings, model }, undefined)).toContain(`Model: ${said}\n`);
});

it("says what is not known yet", () => {
  const report = bugReport("Safari", initialState, defaultSettings, undefined);
  expect(report).toContain("Computes: nothing yet\nKernels: not chosen yet");
  expect(report).not.toContain("Failure");
});
