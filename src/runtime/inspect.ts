import { throwIfAborted } from "../abort.ts";
import type { HeadOfLayer, Mask } from "../config.ts";
import { NextTokenError } from "../errors.ts";
import { topK as topKKernel } from "../kernels/top-k.ts";
import { KVCache } from "../pass/kv-cache.ts";
import type { Pass } from "../pass/pass.ts";
import { runInSubmissions } from "../pass/submissions.ts";
import { Workspace } from "../pass/workspace.ts";
import { type Candidate, readCandidates } from "./candidates.ts";
import { ablatedHeads } from "./check-ablate.ts";
import { checkContext } from "./check-idx.ts";
import { InspectionBuffers } from "./inspection-buffers.ts";
import type { Runnable } from "./runnable.ts";

/** The most tokens whose attention and norms are read: the last ones of a longer row. */
export const MAX_INSPECTED = 64;

export interface InspectOptions {
  /** Which row of the batch to look into. Default 0. */
  row?: number;
  /** Candidates for each layer of the logit lens. Default 5. */
  topK?: number;
  /** Heads to take away: their attention is shown, but their shares of context_vec are zero, as later layers show. */
  ablate?: readonly HeadOfLayer[] | undefined;
  /** Stops before the next thing that takes time, with a `NextTokenError("aborted")`. */
  signal?: AbortSignal | undefined;
}

/** Attention, residual stream and logit lens of a model that read one row. T is the number of tokens shown, at most 64. */
export interface Inspection {
  /** The ids shown, [T]: the row's last. */
  readonly ids: readonly number[];
  /** The position of the first of them. */
  readonly firstPosition: number;
  readonly mask: Mask;
  readonly n_layers: number;
  readonly n_heads: number;
  /**
   * How much each query looks at each key: [T, T], a row a query, a column a key. A row adds up to one, or to less
   * where it also looks at tokens that are not shown; with the causal mask what lies right of the diagonal is 0.
   */
  attention(layer: number, head: number): Float32Array;
  /** The length (L2 norm) of each token's vector in the residual stream: after the embedding, then after each block, [T]. */
  readonly residualNorms: readonly Float32Array[];
  /** The logit lens: the likeliest next tokens if the model ended after the embedding, after block 1, ... [n_layers + 1]. */
  readonly lens: readonly (readonly Candidate[])[];
}

/**
 * Inspects the model while it reads one row of `idx` [B, T]: the same forward pass, with a few more dispatches, in buffers
 * of its own, so that it does not disturb a text that is being generated.
 * Throws `ragged-batch`, `empty-row`, `id-out-of-range`, `too-many-tokens`, `bad-option` for a row or a head that is not
 * there or a `topK` below 1, `aborted`, `destroyed`, `out-of-memory`, `limits-too-small`, `device-lost`.
 */
export async function inspect(
  model: Runnable,
  idx: readonly (readonly number[])[],
  { row = 0, topK = 5, ablate, signal }: InspectOptions = {},
): Promise<Inspection> {
  model.check();
  const ids = checkedRow(model, idx, row);
  if (!Number.isSafeInteger(topK) || topK < 1)
    throw new NextTokenError("bad-option", `topK is ${topK}; it must be a whole number, one or more.`);
  const ablated = ablatedHeads(ablate, model.config);
  throwIfAborted(signal, STOPPED);

  const { config, mask, network } = model;
  const { n_layers, n_heads, vocab_size } = config;
  const { device } = model;
  const k = Math.min(topK, vocab_size);
  const layers = n_layers + 1;
  const num_tokens = ids.length;
  const firstPosition = Math.max(0, num_tokens - MAX_INSPECTED);
  const shown = num_tokens - firstPosition;

  const owned: { destroy(): void }[] = [];
  const own = <T extends { destroy(): void }>(owner: T): T => {
    owned.push(owner);
    return owner;
  };
  try {
    const { workspace, cache, buffers, recording } = await device.scoped(() => ({
      // The lens sends one row a layer through the head.
      workspace: own(new Workspace(device, config, Math.max(num_tokens, layers), layers)),
      cache: own(new KVCache(device, config, 1, num_tokens)),
      buffers: own(new InspectionBuffers(device, config, num_tokens, firstPosition, k)),
      recording: own(device.createRecording("inspection")),
    }));
    const pass: Pass = {
      device,
      recording,
      workspace,
      cache,
      batch: 1,
      num_tokens,
      mask,
      kernels: model.kernels,
      ablated,
      inspector: buffers,
    };
    network.blocks(pass, workspace.idx);
    const logits = network.head(pass, buffers.last, { rows: layers, first: 0, stride: 1 });
    const { top: best, chosen } = buffers;
    recording.add(topKKernel, { logits, top: best, chosen }, { num_rows: layers, vocab_size, k });
    await recording.prepare();
    throwIfAborted(signal, STOPPED);
    model.check(); // it may have been destroyed meanwhile

    device.write(workspace.idx, 0, new Uint32Array(ids));
    cache.setLength(0);
    runInSubmissions(recording);
    const [weights, norms, top] = await Promise.all(
      [buffers.weights, buffers.norms, buffers.top].map((buffer) => device.read(buffer)),
    );
    throwIfAborted(signal, STOPPED);
    return {
      ids: ids.slice(firstPosition),
      firstPosition,
      mask,
      n_layers,
      n_heads,
      attention: (layer, head) => {
        if (!(layer in network.trf_blocks) || !(head >= 0 && head < n_heads))
          throw new RangeError(`There is no head ${head} in layer ${layer}.`);
        return new Float32Array(weights!, (layer * n_heads + head) * shown * shown * 4, shown * shown);
      },
      residualNorms: Array.from({ length: layers }, (_, i) => new Float32Array(norms!, i * shown * 4, shown)),
      lens: readCandidates(top!, 0, layers, k),
    };
  } finally {
    for (const owner of owned) owner.destroy();
  }
}

/** The ids of one row of a batch that this model can read. */
function checkedRow(model: Runnable, idx: readonly (readonly number[])[], row: number): readonly number[] {
  checkContext(idx, model.config);
  const ids = idx[row];
  if (!ids) throw new NextTokenError("bad-option", `There is no row ${row}: the batch has ${idx.length}.`);
  return ids;
}

const STOPPED = "Looking into the model was stopped.";
