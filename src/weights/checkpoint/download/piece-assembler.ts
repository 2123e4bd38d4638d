import { freeNow } from "../free.ts";

/** Makes pieces of one size out of a download's chunks, which have any. */
export class PieceAssembler {
  #pieceBytes: number;
  #open: (start: number) => AsyncGenerator<Uint8Array>;
  #chunks: AsyncGenerator<Uint8Array> | undefined;
  /** The piece that the open download comes to next. */
  #next = 0;
  /** What the download brought last, and what of it no piece has yet. */
  #chunk: Uint8Array = new Uint8Array(0);
  #rest: Uint8Array = this.#chunk;
  #buffer = new Uint8Array(0);

  /** @param open starts a download at a byte of the file */
  constructor(pieceBytes: number, open: (start: number) => AsyncGenerator<Uint8Array>) {
    this.#pieceBytes = pieceBytes;
    this.#open = open;
  }

  /** A piece; the last one of the file is shorter. It is valid until the next is asked for. */
  async piece(index: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.#chunks || index !== this.#next) {
      await this.close();
      this.#chunks = this.#open(index * this.#pieceBytes);
    }
    if (this.#buffer.byteLength === 0) this.#buffer = new Uint8Array(this.#pieceBytes);
    let filled = 0;
    while (filled < this.#pieceBytes) {
      if (this.#rest.byteLength === 0) {
        freeNow(this.#chunk);
        const { done, value } = await this.#chunks.next();
        if (done) break;
        this.#chunk = value;
        this.#rest = value;
      }
      const part = this.#rest.subarray(0, this.#pieceBytes - filled);
      this.#buffer.set(part, filled);
      this.#rest = this.#rest.subarray(part.byteLength);
      filled += part.byteLength;
    }
    this.#next = index + 1;
    return this.#buffer.subarray(0, filled);
  }

  /** Ends the download, and the life of the last piece. */
  async close(): Promise<void> {
    freeNow(this.#buffer);
    this.#buffer = new Uint8Array(0);
    await this.#chunks?.return(undefined);
    this.#chunks = undefined;
    this.#chunk = new Uint8Array(0);
    this.#rest = this.#chunk;
  }
}
