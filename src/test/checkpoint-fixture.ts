import { readFileSync } from "node:fs";
import type { NamedWeights } from "../reference/gpt-model.ts";
import type { CheckpointWeights } from "../weights/checkpoint/checkpoint.ts";
import { sizeOf } from "../weights/parameters.ts";

/** What PyTorch computed with the checkpoint of a recipe: see tools/parity/checkpoint_reference.py. */
export interface CheckpointReference {
  sha256: string;
  bytes: number;
  n_head: number;
  idx: number[][];
  /** [B, T, vocab_size] */
  logits?: number[][][];
  /** [B, vocab_size], of the last position */
  last_logits?: number[][];
  /** [B, T + 20] */
  generated: number[][];
  /** [20, B]: best logit minus second-best, before each new token */
  margins: number[][];
}

export function checkpointReference(name: string): CheckpointReference {
  const path = new URL(`../../tools/parity/fixtures/checkpoint-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as CheckpointReference;
}

/** All weights of a source as whole tensors, for the reference model; each value must come exactly once. */
export async function collectWeights(source: CheckpointWeights, signal?: AbortSignal): Promise<NamedWeights> {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  const seen = new Map<string, Uint8Array>();
  for await (const { name, shape, offset, data } of source.chunks(signal)) {
    const tensor = weights.get(name) ?? { shape, data: new Float32Array(sizeOf(shape)) };
    const written = seen.get(name) ?? new Uint8Array(sizeOf(shape));
    weights.set(name, tensor);
    seen.set(name, written);
    if (written.subarray(offset, offset + data.length).some((times) => times > 0))
      throw new Error(`${name} got a value twice.`);
    tensor.data.set(data, offset);
    written.fill(1, offset, offset + data.length);
  }
  for (const [name, written] of seen) if (written.includes(0)) throw new Error(`${name} lacks a value.`);
  const tokens = weights.get("tok_emb.weight");
  if (source.tied && tokens) weights.set("out_head.weight", tokens);
  return weights;
}
