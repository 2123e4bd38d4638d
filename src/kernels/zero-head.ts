import wgsl from "../../shaders/attention/zero-head.wgsl?raw";
import { defineKernel, gridOver } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";

const threads = shaderConstant(wgsl, "threads");

export const zeroHead = defineKernel({
  label: "zero-head",
  wgsl,
  bindings: ["context_vec"],
  dims: ["num_rows", "n_heads", "head_dim", "head"],
  cpu: { name: "zeroHead", parts: ({ num_rows }) => num_rows },
  workgroups: ({ num_rows, head_dim }) => gridOver(num_rows * head_dim, threads),
});
