import type { DispatchInfo } from "../device/recording.ts";

type Bound = Pick<DispatchInfo, "buffers">;

/**
 * The modules of the model that dispatches belong to, by the names of what they read: "trf_blocks.3.ff.layers.0",
 * "trf_blocks.3.att" or "tok_emb". Undefined for what comes after the model, such as argmax.
 */
export function moduleNames(dispatches: readonly Bound[]): (string | undefined)[] {
  let name: string | undefined;
  return dispatches.map((dispatch) => {
    // What comes after the first pass of attention touches what that one wrote, and nothing of a layer's own.
    const { k, partials, context_vec } = dispatch.buffers;
    if (k || !(partials || context_vec)) name = nameOf(dispatch);
    return name;
  });
}

function nameOf({ buffers }: Bound): string | undefined {
  const parameter = (buffers.w ?? buffers.scale)?.label;
  if (parameter) return parameter.replace(/\.[^.]*$/, "");
  const [, layer] = /^layer (\d+) k$/.exec(buffers.k?.label ?? "") ?? []; // of the KV cache
  return layer === undefined ? undefined : `trf_blocks.${layer}.att`;
}
