import type { DispatchInfo } from "../gpu/recording.ts";

/**
 * The module of the model that a dispatch belongs to, by the names of what it reads: "trf_blocks.3.ff.layers.0",
 * "trf_blocks.3.att" or "tok_emb". Undefined for what comes after the model, such as argmax.
 */
export function moduleName({ buffers }: Pick<DispatchInfo, "buffers">): string | undefined {
  const parameter = (buffers.w ?? buffers.scale)?.label;
  if (parameter) return parameter.replace(/\.[^.]*$/, "");
  const [, layer] = /^layer (\d+) k$/.exec(buffers.k?.label ?? "") ?? []; // of the KV cache
  return layer === undefined ? undefined : `trf_blocks.${layer}.att`;
}
