import { CheckpointError, type CheckpointRule, quote } from "../checkpoint-error.ts";
import { bytesPerElement } from "./dtype.ts";
import { JsonScanner } from "./json-scanner.ts";

/** Where one tensor lies. `begin` and `end` count bytes from the start of the file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Bytes before the header: its length as a little-endian u64. */
export const PREFIX_BYTES = 8;
/** The most a header may take. GPT-2's has 14 KB; the cap is what a stranger's file can make us allocate. */
export const MAX_HEADER_BYTES = 1 << 20;
const MAX_DIMS = 8;
const MAX_NAME_LENGTH = 256;

const broken = (rule: CheckpointRule, what: string, tensor?: string): CheckpointError =>
  new CheckpointError(rule, `${what} The file is damaged or was not written by the safetensors library.`, {
    tensor,
  });

/**
 * How many bytes of header follow the prefix.
 * @param prefix the first bytes of the file, at least `PREFIX_BYTES` of them if it has so many
 * @throws CheckpointError before anything is allocated for a length that cannot be
 */
export function headerBytes(prefix: Uint8Array, fileBytes: number): number {
  if (fileBytes < PREFIX_BYTES || prefix.byteLength < PREFIX_BYTES)
    throw broken("file-too-short", `The file has only ${fileBytes} bytes, too few for a checkpoint.`);
  const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length < 2) throw broken("header-empty", "The file's header is empty.");
  if (length > MAX_HEADER_BYTES)
    throw broken("header-too-large", `The file claims a header of ${length} bytes; at most 1 MiB is read.`);
  if (PREFIX_BYTES + length > fileBytes)
    throw broken("header-past-end", `The file claims a header of ${length} bytes but has only ${fileBytes}.`);
  return length;
}

/**
 * Reads the header and checks every promise of the format: each tensor's bytes fit its shape, the tensors follow each
 * other without holes or overlap from the first byte after the header to the last of the file.
 * @param header the bytes between the prefix and the data
 * @returns the tensors in the order of their bytes
 * @throws CheckpointError naming the tensor and the rule
 */
export function parseHeader(header: Uint8Array, fileBytes: number): TensorEntry[] {
  const tensors = readEntries(header, fileBytes);
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkContiguous(tensors, PREFIX_BYTES + header.byteLength, fileBytes);
  return tensors;
}

/**
 * How many bytes the file has by its own header, for where nothing else says it.
 * @throws CheckpointError as `parseHeader`, which sees the rest once the length is known
 */
export function claimedBytes(header: Uint8Array): number {
  const ends = readEntries(header, Number.MAX_SAFE_INTEGER).map(({ end }) => end);
  return ends.reduce((last, end) => Math.max(last, end), PREFIX_BYTES + header.byteLength);
}

function readEntries(header: Uint8Array, fileBytes: number): TensorEntry[] {
  const dataStart = PREFIX_BYTES + header.byteLength;
  const scanner = new JsonScanner(decode(header));
  const tensors: TensorEntry[] = [];
  scanner.object((name) => {
    if (name === "__metadata__") checkMetadata(scanner);
    else tensors.push(readEntry(scanner, name, dataStart, fileBytes));
  });
  scanner.end();
  return tensors;
}

function decode(header: Uint8Array): string {
  // A byte order mark, a space or anything else before the brace is refused, as the format says.
  if (header[0] !== 0x7b) throw broken("header-not-object", "The file's header does not start with “{”.");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    throw broken("header-not-utf8", "The file's header is not UTF-8 text.");
  }
}

/** A table of texts, of which nothing is needed here. */
function checkMetadata(scanner: JsonScanner): void {
  const bad = (what: string) => broken("bad-metadata", `In the file's header, ${what}.`, "__metadata__");
  if (!scanner.sees("{")) throw bad("__metadata__ is not a table of texts");
  scanner.tensor = "__metadata__";
  scanner.object((key) => {
    if (!scanner.sees('"')) throw bad(`__metadata__ has something other than a text under ${quote(key)}`);
    scanner.string();
  });
  scanner.tensor = undefined;
}

function readEntry(scanner: JsonScanner, name: string, dataStart: number, fileBytes: number): TensorEntry {
  if (name === "" || name.length > MAX_NAME_LENGTH || /[\p{Cc}\p{Cs}]/u.test(name))
    throw broken("bad-name", `The file names a tensor ${quote(name)}.`, name);
  if (!scanner.sees("{"))
    throw broken("entry-not-object", `The header's entry of ${quote(name)} is not an object.`, name);
  scanner.tensor = name;
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: [begin: number, end: number] | undefined;
  scanner.object((field) => {
    if (field === "dtype") dtype = readDtype(scanner, name);
    else if (field === "shape") shape = readShape(scanner, name);
    else if (field === "data_offsets") offsets = readOffsets(scanner, name);
    else throw broken("unknown-field", `The entry of ${quote(name)} has a field ${quote(field)}.`, name);
  });
  scanner.tensor = undefined;
  if (!dtype || !shape || !offsets)
    throw broken(
      "missing-field",
      `The entry of ${quote(name)} lacks its dtype, shape or data_offsets.`,
      name,
    );

  const [begin, end] = offsets;
  if (begin > end)
    throw broken("offsets-reversed", `The bytes of ${quote(name)} end before they begin.`, name);
  if (end > fileBytes - dataStart)
    throw broken("offsets-past-end", `The bytes of ${quote(name)} end after the file's end.`, name);
  const bytes = sizeInBytes(name, shape, dtype);
  if (end - begin !== bytes)
    throw broken(
      "size-mismatch",
      `${quote(name)} has ${end - begin} bytes, but ${dtype} of shape [${shape}] takes ${bytes}.`,
      name,
    );
  return { name, dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

function readDtype(scanner: JsonScanner, name: string): string {
  const dtype = scanner.sees('"') ? scanner.string() : "";
  if (!bytesPerElement.has(dtype))
    throw broken("dtype-unknown", `${quote(name)} has the unknown data type ${quote(dtype)}.`, name);
  return dtype;
}

function readShape(scanner: JsonScanner, name: string): number[] {
  const shape = readCounts(scanner, MAX_DIMS);
  if (!shape) throw broken("bad-shape", `The shape of ${quote(name)} is not a list of whole numbers.`, name);
  if (shape.length > MAX_DIMS)
    throw broken("too-many-dims", `The shape of ${quote(name)} has more than ${MAX_DIMS} dimensions.`, name);
  return shape;
}

function readOffsets(scanner: JsonScanner, name: string): [number, number] {
  const [begin, end, ...more] = readCounts(scanner, 2) ?? [];
  if (begin === undefined || end === undefined || more.length > 0)
    throw broken("bad-offsets", `The data_offsets of ${quote(name)} are not two whole numbers.`, name);
  return [begin, end];
}

/** A list of whole numbers, or undefined; reading stops once there are more than `most`. */
function readCounts(scanner: JsonScanner, most: number): number[] | undefined {
  if (!scanner.take("[")) return undefined;
  const counts: number[] = [];
  if (scanner.take("]")) return counts;
  do {
    const count = scanner.count();
    if (count === undefined) return undefined;
    counts.push(count);
    if (counts.length > most) return counts;
  } while (scanner.take(","));
  return scanner.take("]") ? counts : undefined;
}

function sizeInBytes(name: string, shape: readonly number[], dtype: string): number {
  let bytes = bytesPerElement.get(dtype)!;
  for (const length of shape) {
    bytes *= length;
    if (!Number.isSafeInteger(bytes))
      throw broken("size-overflow", `The shape [${shape}] of ${quote(name)} is larger than any file.`, name);
  }
  return bytes;
}

function checkContiguous(tensors: readonly TensorEntry[], dataStart: number, fileBytes: number): void {
  let expected = dataStart;
  for (const { name, begin, end } of tensors) {
    if (begin < expected)
      throw broken("offsets-overlap", `${quote(name)} begins inside the bytes of another tensor.`, name);
    if (begin > expected)
      throw broken("offsets-hole", `Before ${quote(name)} lie bytes that belong to no tensor.`, name);
    expected = end;
  }
  if (expected !== fileBytes)
    throw broken("data-left-over", `The file has ${fileBytes - expected} bytes after its last tensor.`);
}
