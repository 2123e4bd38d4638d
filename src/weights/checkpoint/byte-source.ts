import { CheckpointError } from "./checkpoint-error.ts";

/** The bytes of one file, local or remote. */
export interface ByteSource {
  readonly size: number;
  /** The SHA-256 of the whole file as hex, if a pass over its bytes has found it. */
  readonly sha256: string | undefined;
  /** All bytes from the first to the last. A piece is valid until the next is asked for. */
  pieces(signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Any part of it, in memory that is the caller's; undefined where the file comes from its first byte to its last. */
  read?(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Closes what an unfinished pass has left open for the next one. */
  close?(): Promise<void>;
  /** Deletes what is stored of the file for later visits, so that the next attempt downloads it again. */
  forget?(): Promise<void>;
}

/** A file of which any part can be read. */
export type SlicedSource = ByteSource & Required<Pick<ByteSource, "read">>;

export const isSliced = (source: ByteSource): source is SlicedSource => source.read !== undefined;

/** Reads the bytes of tensors in the amounts that somebody wants, from the first tensor to the last. */
export interface TensorReader {
  /** Fills `target` with the next bytes. */
  readInto(target: Uint8Array): Promise<void>;
  skip(bytes: number): Promise<void>;
  /** After the last byte: makes the source's last checks. */
  end(): Promise<void>;
  /** Closes the source, even before its end. */
  close(): Promise<void>;
}

/** The size of the pieces in which files are read, downloaded and cached. A reload loses at most one. */
export const PIECE_BYTES = 4 * 1024 * 1024;

/** Reads a stream of pieces in the amounts that the reader wants. */
export class ByteReader implements TensorReader {
  #pieces: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Fills `target` with the next bytes. */
  async readInto(target: Uint8Array): Promise<void> {
    let filled = 0;
    while (filled < target.byteLength) filled += this.#copy(target.subarray(filled)) || (await this.#next());
  }

  /** Skips `bytes` bytes. */
  async skip(bytes: number): Promise<void> {
    let left = bytes;
    while (left > 0) {
      const step = Math.min(left, this.#rest.byteLength);
      this.#rest = this.#rest.subarray(step);
      left -= step;
      if (left > 0) await this.#next();
    }
  }

  /** Runs the stream to its end, where its source makes its last checks; bytes left over are an error. */
  async end(): Promise<void> {
    const { done } = await this.#pieces.next();
    if (this.#rest.byteLength > 0 || !done)
      throw new CheckpointError("file-changed", "The file is longer than its header says. Load it again.");
  }

  /** Closes the source, even before its end. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  #copy(target: Uint8Array): number {
    const step = Math.min(target.byteLength, this.#rest.byteLength);
    target.set(this.#rest.subarray(0, step));
    this.#rest = this.#rest.subarray(step);
    return step;
  }

  /** Fetches the next piece; returns 0, the bytes it copied. */
  async #next(): Promise<0> {
    const next = await this.#pieces.next();
    if (next.done)
      throw new CheckpointError("file-cut", "The file ends before its last tensor does. Get it again.");
    this.#rest = next.value;
    return 0;
  }
}
