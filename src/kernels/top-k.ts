import wgsl from "../../shaders/sampling/top-k.wgsl?raw";
import { defineKernel } from "../gpu/kernel.ts";

export const topK = defineKernel({
  label: "top-k",
  wgsl,
  bindings: ["logits", "top", "chosen"],
  dims: ["num_rows", "vocab_size", "k"],
  workgroups: ({ num_rows }) => [num_rows],
});
