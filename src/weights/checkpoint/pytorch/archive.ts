import type { SlicedSource } from "../byte-source.ts";
import { CheckpointError, quote } from "../checkpoint-error.ts";
import { broken } from "./broken.ts";
import { type Directory, findDirectory, wholeNumber } from "./directory-end.ts";

// A file of torch.save is a ZIP whose entries are stored as they are: "model/data.pkl" says which tensors there are,
// and "model/data/0", "model/data/1" are their bytes, each from a multiple of 64 on.

/** One file in the archive, by the archive's list of contents. */
export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: number;
  /** Whether its bytes are stored as they are, neither compressed nor encrypted. */
  readonly isPlain: boolean;
  /** Where its own header begins, which tells how far behind it its bytes do. */
  readonly headerAt: number;
  /** Bytes of its name. */
  readonly nameBytes: number;
  /** Where the next entry, or the list of contents, begins. */
  readonly limit: number;
}

const ENTRY_BYTES = 46;
const ENTRY_SIGNATURE = 0x02014b50;
const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04034b50;
const ZIP64_FIELD = 1;
const ENCRYPTED = 1;

/**
 * Reads the list of contents of a ZIP, and nothing else of it.
 * @throws CheckpointError where there is none, or where entries overlap
 */
export async function readArchive(source: SlicedSource): Promise<ReadonlyMap<string, ArchiveEntry>> {
  const directory = await findDirectory(source);
  const bytes = await source.read(directory.begin, directory.end);
  const entries = parseEntries(bytes, directory).toSorted((a, b) => a.headerAt - b.headerAt);
  const byName = new Map<string, ArchiveEntry>();
  for (const [index, entry] of entries.entries()) {
    const limit = entries[index + 1]?.headerAt ?? directory.begin;
    if (entry.headerAt + HEADER_BYTES + entry.nameBytes + entry.bytes > limit)
      throw broken("zip-overlap", `${quote(entry.name)} in the file reaches into what comes after it.`);
    if (byName.has(entry.name))
      throw broken("duplicate-key", `The file has ${quote(entry.name)} in it twice.`);
    byName.set(entry.name, { ...entry, limit });
  }
  return byName;
}

function parseEntries(bytes: Uint8Array, { count }: Directory): Omit<ArchiveEntry, "limit">[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Omit<ArchiveEntry, "limit">[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + ENTRY_BYTES > bytes.byteLength || view.getUint32(at, true) !== ENTRY_SIGNATURE)
      throw listBroken();
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const commentBytes = view.getUint16(at + 32, true);
    const nameAt = at + ENTRY_BYTES;
    const extraAt = nameAt + nameBytes;
    const end = extraAt + extraBytes + commentBytes;
    if (end > bytes.byteLength) throw listBroken();
    const name = new TextDecoder().decode(bytes.subarray(nameAt, extraAt));
    const large = largeNumbers(new DataView(view.buffer, view.byteOffset + extraAt, extraBytes));
    const number = (offset: number) => {
      const small = view.getUint32(at + offset, true);
      return small === 0xffffffff ? large() : small;
    };
    const [unpacked, packed, headerAt] = [number(24), number(20), number(42)];
    const isStored = view.getUint16(at + 10, true) === 0 && packed === unpacked;
    const isPlain = isStored && (view.getUint16(at + 8, true) & ENCRYPTED) === 0;
    entries.push({ name, bytes: packed, isPlain, headerAt, nameBytes });
    at = end;
  }
  if (at !== bytes.byteLength) throw listBroken();
  return entries;
}

/** Gives one after the other the 64-bit numbers of an entry whose 32 bits did not suffice. */
function largeNumbers(extra: DataView): () => number {
  let [at, end] = [0, 0];
  for (let field = 0; field + 4 <= extra.byteLength; field += 4 + extra.getUint16(field + 2, true)) {
    if (extra.getUint16(field, true) !== ZIP64_FIELD) continue;
    [at, end] = [field + 4, Math.min(field + 4 + extra.getUint16(field + 2, true), extra.byteLength)];
    break;
  }
  return () => {
    if (at + 8 > end) throw listBroken();
    at += 8;
    return wholeNumber(extra, at - 8) ?? Number.MAX_SAFE_INTEGER; // larger than any file
  };
}

/**
 * Where the bytes of an entry begin. PyTorch fills the gap behind the entry's own header, up to a multiple of 64.
 * @throws CheckpointError where the entry is compressed or encrypted, or its own header says something else
 */
export async function bytesOf(source: SlicedSource, entry: ArchiveEntry): Promise<number> {
  if (!entry.isPlain)
    throw new CheckpointError(
      "zip-compressed",
      `${quote(entry.name)} in the file is compressed or encrypted, which PyTorch never does: the file was packed anew. Unpack what it was made of, or save it again with torch.save.`,
    );
  const header = await source.read(entry.headerAt, entry.headerAt + HEADER_BYTES + entry.nameBytes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const name = new TextDecoder().decode(header.subarray(HEADER_BYTES));
  const isSame =
    view.getUint32(0, true) === HEADER_SIGNATURE &&
    view.getUint16(8, true) === 0 &&
    view.getUint16(26, true) === entry.nameBytes &&
    name === entry.name;
  const begin = entry.headerAt + HEADER_BYTES + entry.nameBytes + view.getUint16(28, true);
  if (!isSame || begin + entry.bytes > entry.limit)
    throw broken("zip-entry", `${quote(entry.name)} in the file is not what its list of contents says.`);
  return begin;
}

const listBroken = () => broken("zip-directory", "The list of what is in the file is broken.");
