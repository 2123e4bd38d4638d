import type { SlicedSource } from "../byte-source.ts";
import { broken } from "./broken.ts";

// A ZIP is read from its end, where a record says where its list of contents is. PyTorch writes that record in its
// 64-bit form as well.

/** Where the list of contents lies, and of how many entries. */
export interface Directory {
  readonly begin: number;
  readonly end: number;
  readonly count: number;
}

/** Entries of an archive: GPT-2 XL with an optimizer's state has 2,600. */
const MAX_ENTRIES = 1 << 14;
const MAX_DIRECTORY_BYTES = 1 << 22;

const END_BYTES = 22;
const END_SIGNATURE = 0x06054b50;
const MAX_COMMENT_BYTES = 0xffff;
const LOCATOR_BYTES = 20;
const LOCATOR_SIGNATURE = 0x07064b50;
const END64_BYTES = 56;
const END64_SIGNATURE = 0x06064b50;

/** @throws CheckpointError where there is no such list within the file */
export async function findDirectory(source: SlicedSource): Promise<Directory> {
  const tailAt = Math.max(0, source.size - END_BYTES - MAX_COMMENT_BYTES - LOCATOR_BYTES);
  const tail = viewOf(await source.read(tailAt, source.size));
  const end = findEnd(tail);
  if (end === undefined)
    throw broken(
      "zip-cut",
      "The file's end is missing, where a ZIP keeps the list of what is in it: it was not copied whole.",
    );
  const large = await readEnd64(source, tail, end - LOCATOR_BYTES);
  const [count, bytes, begin, limit] = large ?? [
    tail.getUint16(end + 10, true),
    tail.getUint32(end + 12, true),
    tail.getUint32(end + 16, true),
    tailAt + end,
  ];
  if (begin + bytes > limit)
    throw broken("zip-directory", "The list of what is in the file lies outside of the file.");
  if (count > MAX_ENTRIES || bytes > MAX_DIRECTORY_BYTES)
    throw broken(
      "zip-directory",
      `The file claims ${count} entries, in a list of ${bytes} bytes; at most ${MAX_ENTRIES} are read.`,
    );
  return { begin, end: begin + bytes, count };
}

/** Where the last record begins: a comment as long as it says has to reach to the end. */
function findEnd(tail: DataView): number | undefined {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--)
    if (
      tail.getUint32(at, true) === END_SIGNATURE &&
      at + END_BYTES + tail.getUint16(at + 20, true) === tail.byteLength
    )
      return at;
  return undefined;
}

/** What the 64-bit record says, if there is one: entries, bytes and begin of the list, and where the record begins. */
async function readEnd64(
  source: SlicedSource,
  tail: DataView,
  locatorAt: number,
): Promise<[count: number, bytes: number, begin: number, limit: number] | undefined> {
  if (locatorAt < 0 || tail.getUint32(locatorAt, true) !== LOCATOR_SIGNATURE) return undefined;
  const at = wholeNumber(tail, locatorAt + 8);
  if (at === undefined || at + END64_BYTES > source.size) throw recordBroken();
  const record = viewOf(await source.read(at, at + END64_BYTES));
  const [count, bytes, begin] = [32, 40, 48].map((offset) => wholeNumber(record, offset));
  if (record.getUint32(0, true) !== END64_SIGNATURE) throw recordBroken();
  if (count === undefined || bytes === undefined || begin === undefined) throw recordBroken();
  return [count, bytes, begin, at];
}

/** A 64-bit number, or undefined where a double cannot hold it. */
export function wholeNumber(view: DataView, at: number): number | undefined {
  const value = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  return Number.isSafeInteger(value) ? value : undefined;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const recordBroken = () =>
  broken("zip-directory", "The record of where the file keeps its list of contents is broken.");
