import packF16 from "../../shaders/pack/pack-f16.wgsl?raw";
import packInt8 from "../../shaders/pack/pack-int8.wgsl?raw";
import { defineKernel, gridOver } from "../gpu/kernel.ts";

/** From f32 to two bytes a weight. */
export const packToF16 = defineKernel({
  label: "pack-f16",
  wgsl: packF16,
  bindings: ["values", "w"],
  dims: ["num_vecs", "first"],
  workgroups: ({ num_vecs }) => gridOver(num_vecs, 64),
});

/** From f32 to one byte a weight, and a scale for every 32. */
export const packToInt8 = defineKernel({
  label: "pack-int8",
  wgsl: packInt8,
  bindings: ["values", "w"],
  dims: ["num_blocks", "first"],
  workgroups: ({ num_blocks }) => gridOver(num_blocks, 64),
});
