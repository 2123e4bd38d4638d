import packF16 from "../../shaders/pack/pack-f16.wgsl?raw";
import packInt8 from "../../shaders/pack/pack-int8.wgsl?raw";
import int8Block from "../../shaders/parts/int8-block.wgsl?raw";
import { defineKernel, gridOver } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";

const f16Threads = shaderConstant(packF16, "threads");
const int8Threads = shaderConstant(packInt8, "threads");

/** From f32 to two bytes a weight. */
export const packToF16 = defineKernel({
  label: "pack-f16",
  wgsl: packF16,
  bindings: ["values", "w"],
  dims: ["num_vecs", "first"],
  cpu: { name: "packToF16", parts: ({ num_vecs }) => num_vecs },
  workgroups: ({ num_vecs }) => gridOver(num_vecs, f16Threads),
});

/** From f32 to one byte a weight, and a scale for every block. */
export const packToInt8 = defineKernel({
  label: "pack-int8",
  wgsl: [int8Block, packInt8].join("\n"),
  bindings: ["values", "w"],
  dims: ["num_blocks", "first"],
  cpu: { name: "packToInt8", parts: ({ num_blocks }) => num_blocks },
  workgroups: ({ num_blocks }) => gridOver(num_blocks, int8Threads),
});
