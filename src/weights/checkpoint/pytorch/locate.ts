import { sizeOf } from "../../parameters.ts";
import type { SlicedSource } from "../byte-source.ts";
import { CheckpointError, quote } from "../checkpoint-error.ts";
import { bytesPerElement, isWeightType } from "../safetensors/dtype.ts";
import type { TensorEntry } from "../safetensors/header.ts";
import { type ArchiveEntry, bytesOf } from "./archive.ts";
import { broken } from "./broken.ts";
import type { Storage, StoredTensor } from "./pickle-values.ts";
import { type Lines, linesOf } from "./strides.ts";

/** Where the numbers of a tensor lie in the file. */
export interface View {
  /** Of the tensor's first number, from the start of the file. */
  readonly at: number;
  readonly elementBytes: number;
  readonly lines: Lines;
}

/**
 * A tensor as the layout takes it. `begin` and `end` count the bytes of a file that has the tensors one after the other, each
 * whole and row by row, as `ViewReader` gives them.
 */
export interface LocatedTensor {
  readonly entry: TensorEntry;
  /** Undefined for a tensor of no bytes, and for one that can be no weight. */
  readonly view: View | undefined;
}

const MAX_NAME_LENGTH = 256;
/** How often the tensors may share the bytes of a file: a tied head makes it nearly twice. */
const MOST_SHARING = 16;

/**
 * Finds every tensor of a state_dict in the archive, and checks that its numbers are there.
 * @param storageAt the archive's entry with the bytes of a storage
 * @throws CheckpointError naming the tensor and the rule
 */
export async function locateTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  storageAt: (key: string) => ArchiveEntry | undefined,
  source: SlicedSource,
): Promise<LocatedTensor[]> {
  const begins = new Map<string, Promise<number>>(); // by key: storages may be shared
  const located: LocatedTensor[] = [];
  let end = 0;
  for (const [name, tensor] of tensors) {
    const bytes = checkView(name, tensor);
    const { storage, shape } = tensor;
    const entry = storageAt(storage.key);
    if (!entry) throw broken("storage-missing", `The file lacks the bytes of ${quote(name)}.`, name);
    if (storage.length * elementBytes(storage) !== entry.bytes)
      throw broken(
        "size-mismatch",
        `The storage of ${quote(name)} has ${entry.bytes} bytes, but ${storage.length} numbers of ${storage.dtype}.`,
        name,
      );
    const place = { name, dtype: storage.dtype, shape, begin: end, end: end + bytes };
    if (place.end > MOST_SHARING * source.size)
      throw broken("size-overflow", `The tensors up to ${quote(name)} are far larger than the file.`, name);
    end = place.end;
    if (bytes === 0 || !isWeightType(storage.dtype)) {
      located.push({ entry: place, view: undefined });
      continue;
    }
    const begin = begins.get(storage.key) ?? bytesOf(source, entry);
    begins.set(storage.key, begin);
    located.push({ entry: place, view: viewOf(name, tensor, await begin) });
  }
  return located;
}

const elementBytes = ({ dtype }: Storage): number => bytesPerElement.get(dtype)!;

/** @returns the bytes of the tensor's numbers, all of which lie in its storage */
function checkView(name: string, { storage, offset, shape, strides }: StoredTensor): number {
  if (name === "" || name.length > MAX_NAME_LENGTH || /[\p{Cc}\p{Cs}]/u.test(name))
    throw broken("bad-name", `The file names a tensor ${quote(name)}.`, name);
  const counts = [storage.length, offset, ...shape, ...strides];
  if (shape.length !== strides.length || counts.some((count) => count < 0))
    throw broken("bad-shape", `The shape of ${quote(name)}, or how it lies in its storage, is none.`, name);
  const bytes = sizeOf(shape) * elementBytes(storage);
  const last = shape.reduce((at, length, i) => at + (length - 1) * strides[i]!, offset);
  if (bytes > 0 && (!Number.isSafeInteger(last) || last >= storage.length))
    throw broken("offsets-past-end", `The numbers of ${quote(name)} end after its storage does.`, name);
  if (!Number.isSafeInteger(bytes))
    throw broken("size-overflow", `The shape [${shape}] of ${quote(name)} is larger than any file.`, name);
  return bytes;
}

function viewOf(name: string, { storage, offset, shape, strides }: StoredTensor, begin: number): View {
  const lines = linesOf(shape, strides);
  const bytes = elementBytes(storage);
  if (!lines || !isMatrix(lines, bytes))
    throw new CheckpointError(
      "strides",
      `${quote(name)} of shape [${shape}] lies in its storage in steps of [${strides}], which is not read here. Save it in order, in Python: torch.save({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, "model.pth").`,
      { tensor: name },
    );
  return { at: begin + offset * bytes, elementBytes: bytes, lines };
}

/** Rows, columns and steps longer than this are of no matrix of a GPT-2's, whose longest have 50,257 numbers. */
const MAX_STEP_BYTES = 1 << 20;

/** Whether lines that are not in order can be read a piece at a time. */
const isMatrix = ({ lines, step, isTransposed }: Lines, bytes: number): boolean =>
  lines === 1 || (step * bytes <= MAX_STEP_BYTES && (!isTransposed || lines * bytes <= MAX_STEP_BYTES));
