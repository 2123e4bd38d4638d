import wgsl from "../../shaders/embedding/embedding.wgsl?raw";
import { defineKernel, gridOver } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";
import { vecLength } from "./vec.ts";
import { givenFormat, vecWidthIn, type WeightFormat, weightFormats, weightPart } from "./weight-format.ts";

const threads = shaderConstant(wgsl, "threads");

const define = (format: WeightFormat) =>
  defineKernel({
    label: `embedding (${format})`,
    wgsl: [weightPart(format), wgsl].join("\n"),
    bindings: ["idx", "w", "pos_emb", "cache_len", "x"],
    dims: ["num_rows", "num_tokens", "emb_dim", "first_id", "num_ids"],
    fixed: ["emb_dim", "num_ids"],
    cpu: { name: "embedding", given: givenFormat(format), parts: ({ num_rows }) => num_rows },
    workgroups: ({ num_rows, emb_dim }) =>
      gridOver((num_rows * emb_dim) / vecLength(vecWidthIn(format)), threads),
  });

/** By the format of tok_emb. */
export const embedding = Object.fromEntries(
  weightFormats.map((format) => [format, define(format)]),
) as Record<WeightFormat, ReturnType<typeof define>>;
