import { NextTokenError } from "../errors.ts";
import type { SlicedSource } from "../weights/checkpoint/byte-source.ts";
import { CheckpointError } from "../weights/checkpoint/checkpoint-error.ts";
import { planCheckpoint } from "../weights/checkpoint/checkpoint-layout.ts";
import { openTensors } from "../weights/checkpoint/open-tensors.ts";
import { streamTensors } from "../weights/checkpoint/tensor-stream.ts";
import { sizeOf } from "../weights/parameters.ts";
import { countVerdicts, type Verdicts } from "./count-verdicts.ts";
import { dict, int, type Pickled, tensor, text } from "./pickle-bytes.ts";
import { stateDict } from "./pytorch-file.ts";
import { type Archive, pytorchMutations } from "./pytorch-mutations.ts";
import { relaidCheckpoint } from "./relaid-checkpoint.ts";

const tiny = { vocab_size: 5, n_positions: 3, n_embd: 4, n_layer: 1, n_head: 2 };
const tensors = relaidCheckpoint({ ...tiny, seed: 3, head: true, masks: true }, "notebook");
const storages = Object.fromEntries(tensors.map(({ bytes }, i) => [String(i), bytes]));
const plain: Archive = { value: stateDict(tensors), storages };
const training: Archive = {
  value: dict(
    [text("model_state_dict"), plain.value],
    [text("optimizer_state_dict"), dict([text("state"), dict([int(0), dict([text("step"), int(1)])])])],
    [text("epoch"), int(3)],
  ),
  storages,
};

/** Every tensor in one storage, the square ones the other way round. */
const shared: Archive = (() => {
  const all = tensors.reduce((sum, { bytes }) => sum + bytes.byteLength / 4, 0);
  let offset = 0;
  const entries = tensors.map(({ name, shape, bytes }): [Pickled, Pickled] => {
    const [rows, columns] = shape;
    const strides = rows === columns ? { strides: [1, rows!] } : {};
    const described = tensor({ length: all, offset, shape, ...strides });
    offset += bytes.byteLength / 4;
    return [text(`module.${name}`), described];
  });
  return { value: dict(...entries), storages: { 0: new Uint8Array(4 * all) } };
})();

/** Bytes in memory of which every part that is asked for has to be there. */
class CheckedBytes implements SlicedSource {
  readonly size: number;
  readonly sha256 = undefined;
  taken = 0;
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.byteLength;
  }

  async read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!(begin >= 0 && begin <= end && end <= this.size))
      throw new Error(`Bytes ${begin} to ${end} of ${this.size} were asked for.`);
    this.taken += end - begin;
    return this.#bytes.slice(begin, end) as Uint8Array<ArrayBuffer>;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    yield await this.read(0, this.size);
  }
}

/**
 * Opens `runs` files that each differ from one of `torch.save` in something, and reads the weights of those that are accepted.
 * Fails, with the change and the seed, where one ends in anything but a typed error or whole tensors, asks for bytes that
 * the file does not have, or for many more than it has.
 */
export const fuzzPyTorch = (runs: number, seed: number): Promise<Verdicts> =>
  countVerdicts(pytorchMutations([plain, training, shared], tensors), judge, { runs, seed });

async function judge(file: Uint8Array): Promise<string> {
  const source = new CheckedBytes(file);
  try {
    const opened = await openTensors(source);
    if (source.taken > 3 * file.byteLength) throw new Error("More was read than the file has.");
    let at = 0;
    for (const { name, shape, begin, end, dtype } of opened.tensors) {
      const bytes = ({ F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, I16: 2 }[dtype] ?? 1) * sizeOf(shape);
      if (begin !== at || end !== begin + bytes) throw new Error(`${name} does not have its bytes.`);
      at = end;
    }
    if (at > 16 * file.byteLength) throw new Error("The tensors are far larger than the file.");
    const { placements } = planCheckpoint(opened.tensors, { config: { n_heads: 2 } });
    const reader = opened.reader();
    let values = 0;
    for await (const { data } of streamTensors(placements, reader, opened.bytes)) values += data.length;
    await reader.end();
    if (values !== placements.reduce((sum, { entry }) => sum + sizeOf(entry.shape), 0))
      throw new Error("A value was not read.");
    return "still a checkpoint";
  } catch (error) {
    if (error instanceof CheckpointError) return error.rule;
    if (error instanceof NextTokenError) return error.code;
    throw error;
  }
}
