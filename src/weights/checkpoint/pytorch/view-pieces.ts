import { throwIfAborted } from "../../../abort.ts";
import { PIECE_BYTES, type SlicedSource } from "../byte-source.ts";
import { freeNow } from "../free.ts";
import type { View } from "./locate.ts";

/** Of a transposed matrix that is larger than this, the bytes are read once for each band of so much. */
const BAND_BYTES = 4 * PIECE_BYTES;

/** The bytes of a tensor row by row, whatever their order in the file. A piece is valid until the next is asked for. */
export async function* viewPieces(
  source: SlicedSource,
  view: View,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { lines, isTransposed } = view.lines;
  if (isTransposed) yield* transposed(source, view, signal);
  else if (lines === 1) yield* inOrder(source, view, signal);
  else yield* inLines(source, view, signal);
}

async function* inOrder(source: SlicedSource, { at, lines, elementBytes }: View, signal?: AbortSignal) {
  const end = at + lines.length * elementBytes;
  for (let begin = at; begin < end; begin += PIECE_BYTES) {
    throwIfAborted(signal);
    const piece = await source.read(begin, Math.min(begin + PIECE_BYTES, end));
    yield piece;
    freeNow(piece);
  }
}

/** Lines with something else between them, which is left out. */
async function* inLines(source: SlicedSource, view: View, signal?: AbortSignal) {
  const width = view.lines.length * view.elementBytes;
  const step = view.lines.step * view.elementBytes;
  for await (const { bytes, count } of groups(source, view, signal)) {
    for (let line = 1; line < count; line++) bytes.copyWithin(line * width, line * step, line * step + width);
    yield bytes.subarray(0, count * width);
  }
}

/** Lines that are the tensor's columns. */
async function* transposed(source: SlicedSource, view: View, signal?: AbortSignal) {
  const { lines: columns, length: rows } = view.lines;
  const band = Math.max(1, Math.floor(BAND_BYTES / (columns * view.elementBytes)));
  for (let row = 0; row < rows; row += band) {
    const count = Math.min(band, rows - row);
    const into = new Uint8Array(count * columns * view.elementBytes);
    for await (const group of groups(source, view, signal)) turn(group, view, row, count, into);
    yield into;
    freeNow(into);
  }
}

interface Group {
  /** `count` lines, in steps, from the first byte of the first of them on. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Index of the first line. */
  readonly first: number;
  readonly count: number;
}

/** As many lines at a time as fit a piece. */
async function* groups(
  source: SlicedSource,
  { at, lines: { lines, length, step }, elementBytes }: View,
  signal?: AbortSignal,
): AsyncGenerator<Group> {
  const most = Math.max(1, Math.floor(PIECE_BYTES / (step * elementBytes)));
  for (let first = 0; first < lines; first += most) {
    throwIfAborted(signal);
    const count = Math.min(most, lines - first);
    const begin = at + first * step * elementBytes;
    const bytes = await source.read(begin, begin + ((count - 1) * step + length) * elementBytes);
    yield { bytes, first, count };
    freeNow(bytes);
  }
}

/** Writes `rows` rows from `row` on as far as the lines of a group have them, each of which is a column. */
function turn(
  { bytes, first, count }: Group,
  { lines, elementBytes }: View,
  row: number,
  rows: number,
  into: Uint8Array<ArrayBuffer>,
) {
  const Numbers = elementBytes === 4 ? Uint32Array : Uint16Array; // their bits: a NaN keeps its own
  const [from, to] = [new Numbers(bytes.buffer), new Numbers(into.buffer)];
  for (let line = 0; line < count; line++)
    for (let r = 0; r < rows; r++) to[r * lines.lines + first + line] = from[line * lines.step + row + r]!;
}
