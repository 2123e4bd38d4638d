import wgsl from "../../shaders/norm/layer-norm.wgsl?raw";
import { defineKernel, gridOver } from "../device/kernel.ts";

export const layerNorm = defineKernel({
  label: "layer-norm",
  wgsl,
  bindings: ["x", "scale", "shift", "y"],
  dims: ["num_tokens", "emb_dim", "first", "stride"],
  cpu: { name: "layerNorm", parts: ({ num_tokens }) => num_tokens },
  workgroups: ({ num_tokens }) => gridOver(num_tokens, 1),
});
