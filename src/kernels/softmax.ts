import wgsl from "../../shaders/sampling/softmax.wgsl?raw";
import { defineKernel, gridOver } from "../device/kernel.ts";

export const softmax = defineKernel({
  label: "softmax",
  wgsl,
  bindings: ["x", "y"],
  dims: ["num_rows", "dim"],
  cpu: { name: "softmax", parts: ({ num_rows }) => num_rows },
  workgroups: ({ num_rows }) => gridOver(num_rows, 1),
});
