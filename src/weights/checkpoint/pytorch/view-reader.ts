import type { Progress } from "../../../config.ts";
import { ByteReader, type SlicedSource, type TensorReader } from "../byte-source.ts";
import type { LocatedTensor, View } from "./locate.ts";
import { viewPieces } from "./view-pieces.ts";

/** Reads the tensors of an archive as if they lay one after the other, each whole and row by row. What is skipped is not read. */
export class ViewReader implements TensorReader {
  #source: SlicedSource;
  #views = new Map<number, View>();
  #size: number;
  #at = 0;
  #tensor: ByteReader | undefined;
  #onProgress: ((progress: Progress) => void) | undefined;
  #signal: AbortSignal | undefined;

  constructor(
    source: SlicedSource,
    tensors: readonly LocatedTensor[],
    onProgress?: (progress: Progress) => void,
    signal?: AbortSignal,
  ) {
    this.#source = source;
    this.#onProgress = onProgress;
    this.#signal = signal;
    this.#size = tensors.at(-1)?.entry.end ?? 0;
    for (const { entry, view } of tensors) if (view) this.#views.set(entry.begin, view);
  }

  /** Fills `target` with the next bytes, which are of one tensor: the last one begun, or one that begins here. */
  async readInto(target: Uint8Array): Promise<void> {
    const view = this.#views.get(this.#at);
    if (view) {
      await this.close();
      this.#tensor = new ByteReader(viewPieces(this.#source, view, this.#signal));
    }
    await this.#tensor!.readInto(target);
    this.#at += target.byteLength;
    this.#onProgress?.({ phase: "file", loaded: this.#at, total: this.#size });
  }

  /** Goes on at another tensor. */
  async skip(bytes: number): Promise<void> {
    this.#at += bytes;
  }

  async end(): Promise<void> {
    this.#onProgress?.({ phase: "file", loaded: this.#size, total: this.#size });
  }

  async close(): Promise<void> {
    await this.#tensor?.close();
    this.#tensor = undefined;
  }
}
