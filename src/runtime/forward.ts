import type { HeadOfLayer } from "../config.ts";
import { NextTokenError } from "../errors.ts";
import { DropoutMasks } from "../pass/dropout-masks.ts";
import { KVCache } from "../pass/kv-cache.ts";
import type { Pass, Rows } from "../pass/pass.ts";
import { runInSubmissions } from "../pass/submissions.ts";
import { Workspace } from "../pass/workspace.ts";
import { type DropoutStream, keepThreshold } from "../weights/seed/dropout-stream.ts";
import { ablatedHeads } from "./check-ablate.ts";
import type { Runnable } from "./runnable.ts";

export interface ForwardOptions {
  /** Apply dropout, as PyTorch does before `model.eval()`. Needs a model made from a seed. */
  training?: boolean;
  /** Logits of every position (default), of the last one only, or of these positions of each row, P of them. */
  logits?: "all" | "last" | readonly number[];
  /** Heads to take away: their shares of context_vec are zero, in this pass alone. */
  ablate?: readonly HeadOfLayer[] | undefined;
}

export interface Logits {
  /** [B, T, vocab_size]; in place of T stands 1 or P where not all positions were asked for. */
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
  { training = false, logits = "all", ablate }: ForwardOptions = {},
  openDropout: () => DropoutStream | undefined = () => undefined,
): Promise<Logits> {
  const { config, mask, network } = model;
  const { device } = model;
  const batch = idx.length;
  const num_tokens = idx[0]!.length;
  const positions = positionsOf(logits, num_tokens);
  const ablated = ablatedHeads(ablate, config);
  const rows = batch * (positions?.length ?? num_tokens);
  const headRows = Math.min(rows, Math.max(1, Math.floor(LOGITS_BYTES / (4 * config.vocab_size))));
  const data = zeros(rows * config.vocab_size);

  const owned: { destroy(): void }[] = [];
  const own = <T extends { destroy(): void }>(owner: T): T => {
    owned.push(owner);
    return owner;
  };
  try {
    const { workspace, cache, recording } = await device.scoped(() => ({
      workspace: own(new Workspace(device, config, batch * num_tokens, headRows)),
      cache: own(new KVCache(device, config, batch, num_tokens)),
      recording: own(device.createRecording("forward")),
    }));
    const dropout = training ? masksOf(openDropout(), config.drop_rate) : undefined;
    const pass: Pass = {
      device,
      recording,
      workspace,
      cache,
      batch,
      num_tokens,
      mask,
      kernels: model.kernels,
      ablated,
      dropout,
    };
    const x = network.blocks(pass, workspace.idx);
    await recording.prepare();
    device.write(workspace.idx, 0, new Uint32Array(idx.flat()));
    cache.setLength(0);
    runInSubmissions(recording);

    for (const { rows: count, first, stride, place } of rounds(batch, num_tokens, headRows, positions)) {
      recording.clear();
      network.head(pass, x, { rows: count, first, stride });
      await recording.prepare();
      recording.run();
      const logits = new Float32Array(await device.read(workspace.logits, count * config.vocab_size * 4));
      for (let row = 0; row < count; row++) {
        const from = row * config.vocab_size;
        data.set(logits.subarray(from, from + config.vocab_size), place(row) * config.vocab_size);
      }
    }
  } finally {
    for (const owner of owned) owner.destroy();
  }
  return { shape: [batch, positions?.length ?? num_tokens, config.vocab_size], data };
}

/** The positions that are asked for; undefined for all. */
function positionsOf(
  logits: NonNullable<ForwardOptions["logits"]>,
  num_tokens: number,
): readonly number[] | undefined {
  if (logits === "all") return undefined;
  if (logits === "last") return [num_tokens - 1];
  for (const position of logits) {
    if (Number.isSafeInteger(position) && position >= 0 && position < num_tokens) continue;
    throw new NextTokenError(
      "bad-option",
      `There is no position ${position}: the rows have ${num_tokens} tokens, counted from 0.`,
    );
  }
  return logits;
}

/** Some rows of the residual stream that go through the head at once, and which row of the result each becomes. */
interface Round extends Rows {
  place: (row: number) => number;
}

/** All rows that are asked for, at most `most` at a time: in their order, or position by position of the whole batch. */
function* rounds(
  batch: number,
  num_tokens: number,
  most: number,
  positions: readonly number[] | undefined,
): Generator<Round, void> {
  const total = positions ? batch : batch * num_tokens;
  for (const [i, position] of (positions ?? [0]).entries()) {
    for (let done = 0; done < total; done += most) {
      const rows = Math.min(most, total - done);
      if (!positions) yield { rows, first: done, stride: 1, place: (row) => done + row };
      else
        yield {
          rows,
          first: done * num_tokens + position,
          stride: num_tokens,
          place: (row) => (done + row) * positions.length + i,
        };
    }
  }
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
