import wgsl from "../../shaders/embedding.wgsl?raw";
import { defineKernel, gridOver } from "../gpu/kernel.ts";
import { type Width, weightStage } from "./chunk.ts";

const define = (width: Width) =>
  defineKernel({
    label: `embedding (${width})`,
    wgsl: [weightStage(width), wgsl].join("\n"),
    bindings: ["idx", "w", "pos_emb", "past", "x"],
    dims: ["num_rows", "num_tokens", "emb_dim", "first_id", "num_ids"],
    workgroups: ({ num_rows, emb_dim }) => gridOver((num_rows * emb_dim) / (width === "wide" ? 4 : 1), 64),
  });

export const embedding = { wide: define("wide"), narrow: define("narrow") };
