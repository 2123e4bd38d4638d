import { throwIfAborted } from "../../abort.ts";
import type { Progress } from "../../config.ts";
import { NextTokenError } from "../../errors.ts";
import { type ByteSource, PIECE_BYTES } from "./byte-source.ts";
import { FileHash } from "./file-hash.ts";
import { freeNow } from "./free.ts";
import { publishedModels } from "./published-models.ts";

/** The bytes of a file that the user chose, read in slices. */
export class BlobSource implements ByteSource {
  readonly size: number;
  sha256: string | undefined;
  #blob: Blob;
  #onProgress: ((progress: Progress) => void) | undefined;

  constructor(blob: Blob, onProgress?: (progress: Progress) => void) {
    this.#blob = blob;
    this.#onProgress = onProgress;
    this.size = blob.size;
  }

  /** @throws NextTokenError "file-unreadable" when the file was moved or changed since it was chosen; "aborted" */
  async *pieces(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    // Hashing costs seconds, and is worth them only where the result can say that this is a published model.
    const hash = publishedModels.some(({ bytes }) => bytes === this.size) ? new FileHash() : undefined;
    for (let at = 0; at < this.size; at += PIECE_BYTES) {
      throwIfAborted(signal);
      const piece = await this.read(at, Math.min(at + PIECE_BYTES, this.size));
      await hash?.update(piece);
      this.#onProgress?.({ phase: "file", loaded: at + piece.byteLength, total: this.size });
      yield piece;
      freeNow(piece);
    }
    this.sha256 = hash?.digest();
  }

  /** @throws NextTokenError "file-unreadable" */
  async read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return new Uint8Array(await this.#blob.slice(begin, end).arrayBuffer());
    } catch (cause) {
      throw new NextTokenError(
        "file-unreadable",
        "The file can no longer be read: it was moved, changed or removed since it was chosen. Choose it again.",
        { cause },
      );
    }
  }
}
