import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { argmax } from "../kernels/argmax.ts";
import { attentionWeights } from "../kernels/attention-weights.ts";
import { dropout } from "../kernels/dropout.ts";
import { embedding } from "../kernels/embedding.ts";
import { flashAttentionTile } from "../kernels/flash-attention.ts";
import { flashDecoding } from "../kernels/flash-decoding.ts";
import { layerNorm } from "../kernels/layer-norm.ts";
import { linear, qkv } from "../kernels/linear.ts";
import { logitSummary } from "../kernels/logit-summary.ts";
import { residualNorm } from "../kernels/residual-norm.ts";
import { softmax } from "../kernels/softmax.ts";
import { topK } from "../kernels/top-k.ts";
import { builds } from "../test/run-cpu-kernel.ts";
import type { CpuKernel } from "./cpu-kernel.ts";
import * as declared from "./cpu-kernels.ts";

const { weightFormats: _, ...others } = declared;
const cpuKernels: Record<string, CpuKernel> = others;

/** The twins of the shaders, by the names that the kernels have here. */
const twins = {
  argmax,
  attention: flashAttentionTile,
  attentionWeights: attentionWeights.vec4,
  dropout,
  embedding: embedding.vec4,
  flashDecoding,
  layerNorm,
  linear: linear.matmul.vec4,
  // What the first of two shaders leaves for the second stays in registers here.
  logitSummary: { ...logitSummary, bindings: ["logits", "summary"] },
  qkv: qkv.matmul.vec4,
  residualNorm,
  softmax,
  topK,
};

const sources = readdirSync("src/cpu/assembly")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(`src/cpu/assembly/${file}`, "utf8"))
  .join("\n");

/** The names of a function's parameters in the AssemblyScript. */
function parametersOf(name: string): string[] {
  const [, list = ""] = new RegExp(`export function ${name}\\(([^)]*)\\)`).exec(sources) ?? [];
  return [...list.matchAll(/(\w+): /g)].map(([, parameter]) => parameter!);
}

it.each(Object.entries(cpuKernels))(
  "%s has the shader's bindings and dims, and the function's parameters",
  (key, kernel) => {
    const { name, bindings, dims, constants } = kernel;
    const twin = twins[key as keyof typeof twins];
    expect(name).toBe(key);
    expect([bindings, dims]).toEqual([twin.bindings, twin.dims]);
    const scratch = kernel.scratchBytes ? ["scratch"] : [];
    expect(parametersOf(name)).toEqual([...bindings, ...dims, ...constants, "from", "to", ...scratch]);
  },
);

it("there is a kernel for every function that the module exports", () => {
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(builds.plain));
  expect(exported.map(({ name }) => name).sort()).toEqual(Object.keys(cpuKernels).sort());
});
