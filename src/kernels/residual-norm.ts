import wgsl from "../../shaders/norm/residual-norm.wgsl?raw";
import { defineKernel } from "../device/kernel.ts";

export const residualNorm = defineKernel({
  label: "residual-norm",
  wgsl,
  bindings: ["x", "norms", "last"],
  dims: ["num_tokens", "emb_dim", "layer", "first"],
  cpu: { name: "residualNorm", parts: ({ num_tokens, first }) => num_tokens - first },
  workgroups: ({ num_tokens, first }) => [num_tokens - first],
});
