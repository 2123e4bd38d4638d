import { NextTokenError } from "../errors.ts";
import { readBuffer } from "../gpu/readback.ts";
import { Recording } from "../gpu/recording.ts";
import { DropoutMasks } from "../pass/dropout-masks.ts";
import { KVCache } from "../pass/kv-cache.ts";
import type { Pass } from "../pass/pass.ts";
import { runInSubmissions } from "../pass/submissions.ts";
import { Workspace } from "../pass/workspace.ts";
import { type DropoutStream, keepThreshold } from "../weights/seed/dropout-stream.ts";
import type { Runnable } from "./runnable.ts";

export interface ForwardOptions {
  /** Apply dropout, as PyTorch does before `model.eval()`. Needs a model made from a seed. */
  training?: boolean;
  /** Logits of every position (default), or of the last one only. */
  logits?: "all" | "last";
}

export interface Logits {
  /** [B, T, vocab_size]; T is 1 when only the last position was asked for. */
  shape: [B: number, T: number, vocab_size: number];
  data: Float32Array;
}

/** Bytes of logits computed at a time; [8, 1024, 50257] would be more than a buffer may hold. */
const LOGITS_BYTES = 32 * 1024 * 1024;

/**
 * One forward pass over whole rows, with buffers of its own that live as long as it does.
 * @param openDropout gives the draws of training mode, from the generator that made the weights
 */
export async function forward(
  model: Runnable,
  idx: readonly (readonly number[])[],
  { training = false, logits = "all" }: ForwardOptions = {},
  openDropout: () => DropoutStream | undefined = () => undefined,
): Promise<Logits> {
  const { config, mask, network } = model;
  const { gpu, pipelines } = model.engine;
  const batch = idx.length;
  const num_tokens = idx[0]!.length;
  const rows = logits === "all" ? batch * num_tokens : batch;
  const headRows = Math.min(rows, Math.max(1, Math.floor(LOGITS_BYTES / (4 * config.vocab_size))));
  const data = zeros(rows * config.vocab_size);

  const owned: { destroy(): void }[] = [];
  const own = <T extends { destroy(): void }>(owner: T): T => {
    owned.push(owner);
    return owner;
  };
  try {
    const { workspace, cache, recording } = await gpu.scoped(() => ({
      workspace: own(new Workspace(gpu, config, batch * num_tokens, headRows)),
      cache: own(new KVCache(gpu, config, batch, num_tokens)),
      recording: own(new Recording("forward", gpu, pipelines)),
    }));
    const dropout = training ? masksOf(openDropout(), config.drop_rate) : undefined;
    const pass: Pass = {
      gpu,
      recording,
      workspace,
      cache,
      batch,
      num_tokens,
      mask,
      kernels: model.kernels,
      dropout,
    };
    const x = network.blocks(pass, workspace.idx);
    await recording.prepare();
    gpu.device.queue.writeBuffer(workspace.idx, 0, new Uint32Array(idx.flat()));
    cache.setLength(0);
    runInSubmissions(recording);

    const stride = logits === "all" ? 1 : num_tokens;
    for (let done = 0; done < rows; done += headRows) {
      const count = Math.min(headRows, rows - done);
      recording.clear();
      network.head(pass, x, { rows: count, first: done * stride + stride - 1, stride });
      await recording.prepare();
      recording.run();
      const bytes = await readBuffer(gpu, workspace.logits, count * config.vocab_size * 4);
      data.set(new Float32Array(bytes), done * config.vocab_size);
    }
  } finally {
    for (const owner of owned) owner.destroy();
  }
  return { shape: [batch, rows / batch, config.vocab_size], data };
}

function masksOf(stream: DropoutStream | undefined, drop_rate: number): DropoutMasks {
  if (!stream) {
    throw new NextTokenError(
      "bad-option",
      "Training mode draws from the generator that made the weights; only a model made from a seed has one.",
    );
  }
  return new DropoutMasks(stream, drop_rate, keepThreshold(drop_rate));
}

/** So many logits, all zero. */
function zeros(values: number): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(values);
  } catch (cause) {
    throw new NextTokenError(
      "too-many-tokens",
      `All logits of these rows are ${(values * 4) / 1e9} GB, more than JavaScript gives. Ask for { logits: "last" }, or read fewer tokens at a time.`,
      { cause },
    );
  }
}
