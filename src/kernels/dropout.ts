import wgsl from "../../shaders/embedding/dropout.wgsl?raw";
import mcg31 from "../../shaders/parts/mcg31.wgsl?raw";
import { defineKernel, gridOver } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";

const threads = shaderConstant(wgsl, "threads");

/** Constants: has_shortcut. */
export const dropout = defineKernel({
  label: "dropout",
  wgsl: [mcg31, wgsl].join("\n"),
  bindings: ["x", "shortcut", "y"],
  dims: ["size", "dropout_seed", "keep_threshold", "keep_prob_bits"],
  cpu: { name: "dropout", constants: ["has_shortcut"], parts: ({ size }) => size },
  workgroups: ({ size }) => gridOver(size, threads),
});
