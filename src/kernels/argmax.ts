import wgsl from "../../shaders/sampling/argmax.wgsl?raw";
import { defineKernel } from "../device/kernel.ts";

export const argmax = defineKernel({
  label: "argmax",
  wgsl,
  bindings: ["logits", "chosen"],
  dims: ["num_rows", "vocab_size"],
  cpu: { name: "argmax", parts: ({ num_rows }) => num_rows },
  workgroups: ({ num_rows }) => [num_rows],
});
