import { NextTokenError } from "../errors.ts";
import type { ByteSource } from "../weights/checkpoint/byte-source.ts";
import { CheckpointError } from "../weights/checkpoint/checkpoint-error.ts";
import { planCheckpoint } from "../weights/checkpoint/checkpoint-layout.ts";
import { readHeader } from "../weights/checkpoint/read-header.ts";
import type { TensorEntry } from "../weights/checkpoint/safetensors/header.ts";
import { checkpointBlocks } from "./checkpoint-maker.ts";
import { countVerdicts, type Verdicts } from "./count-verdicts.ts";
import { relaidCheckpoint } from "./relaid-checkpoint.ts";
import { f32Bytes, safetensorsFile } from "./safetensors-file.ts";
import { mutations } from "./safetensors-mutations.ts";

const tiny = { vocab_size: 5, n_positions: 3, n_embd: 4, n_layer: 1, n_head: 2 };
const joined = (blocks: Iterable<Uint8Array>) => Uint8Array.from([...blocks].flatMap((block) => [...block]));
const valid = [
  joined(checkpointBlocks({ ...tiny, seed: 1, prefix: true, masks: true })),
  joined(checkpointBlocks({ ...tiny, seed: 2, head: true, dtype: "F16" })),
  safetensorsFile(relaidCheckpoint({ ...tiny, seed: 3, head: true, masks: true }, "notebook")),
  safetensorsFile(
    relaidCheckpoint({ ...tiny, seed: 4 }, "nanoGPT", (name) => `_orig_mod.transformer.${name}`),
  ),
  safetensorsFile([
    { name: "a", dtype: "F32", shape: [2, 3], bytes: f32Bytes([1, 2, 3, 4, 5, 6]) },
    { name: "b", dtype: "BOOL", shape: [5], bytes: new Uint8Array(5) },
    { name: "empty", dtype: "I64", shape: [0, 9], bytes: new Uint8Array(0) },
    { name: "scalar", dtype: "BF16", shape: [], bytes: new Uint8Array(2) },
  ]),
];

/** Bytes in memory that count what is asked of them. */
class CountedBytes implements ByteSource {
  readonly size: number;
  readonly sha256 = undefined;
  taken = 0;
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.byteLength;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.size; at += 256) {
      const piece = this.#bytes.subarray(at, at + 256);
      this.taken += piece.byteLength;
      yield piece;
    }
  }
}

/**
 * Opens `runs` files that each differ from a valid one in one thing. Fails, with the file's change and the seed, where
 * one ends in anything but a typed error or a plan that keeps every promise of the format.
 */
export const fuzzCheckpoints = (runs: number, seed: number): Promise<Verdicts> =>
  countVerdicts(mutations(valid), judge, { runs, seed });

async function judge(file: Uint8Array): Promise<string> {
  const source = new CountedBytes(file);
  try {
    const tensors = await readHeader(source);
    if (source.taken > file.byteLength) throw new Error("More was read than the file has.");
    checkAgainstJson(file, tensors);
    const { placements } = planCheckpoint(tensors, { config: { n_heads: 2 } });
    const used = placements.reduce((sum, { entry }) => sum + entry.end - entry.begin, 0);
    if (used > file.byteLength) throw new Error("The plan places more bytes than the file has.");
    return "still a checkpoint";
  } catch (error) {
    if (error instanceof CheckpointError) return error.rule;
    if (error instanceof NextTokenError) return error.code;
    throw error;
  }
}

/** A second opinion on an accepted header: what JSON.parse sees in it, and that the bytes are all used exactly once. */
function checkAgainstJson(file: Uint8Array, tensors: readonly TensorEntry[]): void {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const parsed = new Map(
    Object.entries(
      JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<string, unknown>,
    ),
  );
  parsed.delete("__metadata__");
  if (parsed.size !== tensors.length) throw new Error("JSON.parse counts other tensors.");
  const owners = new Uint8Array(file.byteLength - 8 - length);
  for (const { name, dtype, shape, begin, end } of tensors) {
    const offsets = [begin - 8 - length, end - 8 - length] as const;
    if (JSON.stringify(parsed.get(name)) === undefined) throw new Error(`JSON.parse does not see ${name}.`);
    const entry = parsed.get(name) as { dtype: unknown; shape: unknown; data_offsets: unknown };
    if (
      JSON.stringify([entry.dtype, entry.shape, entry.data_offsets]) !==
      JSON.stringify([dtype, shape, offsets])
    )
      throw new Error(`JSON.parse reads ${name} otherwise.`);
    for (let at = offsets[0]; at < offsets[1]; at++) owners[at]!++;
  }
  if (owners.some((count) => count !== 1)) throw new Error("A byte belongs to no tensor, or to two.");
}
