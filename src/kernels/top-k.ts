import wgsl from "../../shaders/sampling/top-k.wgsl?raw";
import { defineKernel } from "../gpu/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";

/** Words of a candidate in `top`: its id, and the bits of its logit and of its probability. */
export const CANDIDATE_WORDS = shaderConstant(wgsl, "CANDIDATE_WORDS");

export const topK = defineKernel({
  label: "top-k",
  wgsl,
  bindings: ["logits", "top", "chosen"],
  dims: ["num_rows", "vocab_size", "k"],
  workgroups: ({ num_rows }) => [num_rows],
});
