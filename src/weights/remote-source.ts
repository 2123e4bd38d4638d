import { throwIfAborted } from "../abort.ts";
import type { Progress } from "../model/config.ts";
import { NextTokenError } from "../next-token-error.ts";
import { type ByteSource, PIECE_BYTES } from "./byte-source.ts";
import { CheckpointError, quote } from "./checkpoint-error.ts";
import { Download, type DownloadOptions, type RemoteFile } from "./download/download.ts";
import { OtherLength } from "./download/failure.ts";
import { PieceAssembler } from "./download/piece-assembler.ts";
import { FileHash } from "./file-hash.ts";
import { freeNow } from "./free.ts";
import { KeptPieces } from "./kept-pieces.ts";
import { holdLock } from "./lock.ts";
import type { CacheCard, ModelCache } from "./model-cache.ts";

export interface RemoteOptions extends Pick<DownloadOptions, "fetch" | "policy"> {
  /** Phases: "download"; "cache"; "retry" while waiting to try again; "other-tab" while another tab downloads it. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gets a sentence when something is not as it should be but goes on: storage that is full or forbidden. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Gets the mirrors that sent some of what turned out not to be the file: it may be right without them. */
  readonly avoid?: Set<string> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The size of the pieces, 4 MiB unless a test wants small ones. */
  readonly pieceBytes?: number | undefined;
}

/** A file from the network, in pieces that are kept for the next visit, and read from there when they are there. */
export class RemoteSource implements ByteSource {
  #file: RemoteFile;
  #pieceBytes: number;
  #onProgress: ((progress: Progress) => void) | undefined;
  #onNote: (note: string) => void;
  #avoid: Set<string>;
  #download: Download;
  #kept: KeptPieces;
  /** Every piece is in the cache, and together they are the right file. */
  #complete = false;
  #sha256: string | undefined;
  #loaded = 0;

  private constructor(file: RemoteFile, cache: ModelCache | undefined, options: RemoteOptions) {
    this.#file = file;
    this.#pieceBytes = options.pieceBytes ?? PIECE_BYTES;
    this.#onProgress = options.onProgress;
    this.#onNote = options.onNote ?? (() => {});
    this.#avoid = options.avoid ?? new Set();
    this.#kept = new KeptPieces(cache?.file(file.url), this.#onNote);
    const onWait = () => this.#report("retry");
    this.#download = new Download(file, { fetch: options.fetch, policy: options.policy, onWait });
  }

  /**
   * Finds out how long the file is: from the cache where it is complete there, otherwise from the network.
   * @param cache undefined where the browser allows none
   * @throws NextTokenError "download-failed" or "aborted"; CheckpointError where the addresses serve something else
   */
  static async open(
    file: RemoteFile,
    cache: ModelCache | undefined,
    options: RemoteOptions = {},
  ): Promise<RemoteSource> {
    const source = new RemoteSource(file, cache, options);
    await source.#readCard();
    if (!source.#complete) for await (const _ of source.pieces(options.signal)) break;
    return source;
  }

  get size(): number {
    return this.#download.facts.size ?? 0;
  }

  /** Whether all of it is in the cache, so that it takes no network. */
  get isKept(): boolean {
    return this.#complete;
  }

  get sha256(): string | undefined {
    return this.#sha256;
  }

  /** @throws as `open`; CheckpointError "sha256-mismatch" or "file-changed", when nothing of the file is kept */
  async *pieces(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    this.#loaded = 0;
    const release = await this.#waitForOthers(signal);
    const hash = this.#file.sha256 !== undefined && !this.#complete ? new FileHash() : undefined;
    const network = new PieceAssembler(this.#pieceBytes, (start) => this.#counted(start, signal));
    try {
      for (let index = 0; !this.#isEnd(index); index++) {
        throwIfAborted(signal);
        const kept = await this.#fromCache(index);
        const piece = kept ?? (await this.#fromNetwork(network, index));
        await hash?.update(piece);
        yield piece;
        if (kept) freeNow(kept);
      }
      if (!this.#complete) await this.#finish(hash?.digest());
    } catch (error) {
      if (hasChanged(error, this.#file)) await this.#kept.forget();
      throw error;
    } finally {
      await network.close();
      release();
    }
  }

  async forget(): Promise<void> {
    this.#complete = false;
    this.#sha256 = undefined;
    this.#avoidMirrors();
    await this.#kept.forget();
  }

  #avoidMirrors(): void {
    for (const mirror of this.#file.mirrors ?? []) {
      if (!this.#download.taken.has(mirror) || this.#avoid.has(mirror)) continue;
      this.#avoid.add(mirror);
      this.#onNote(
        `What came from ${quote(mirror)} was not the right file, so the model is loaded again without it.`,
      );
    }
  }

  #isEnd(index: number): boolean {
    const { size } = this.#download.facts;
    return size !== undefined && index * this.#pieceBytes >= size;
  }

  /** One download at a time in all tabs: the others find it in the cache afterwards. */
  async #waitForOthers(signal: AbortSignal | undefined): Promise<() => void> {
    if (this.#complete || !this.#kept.shared) return () => {};
    const name = `next-token: ${this.#file.url}`;
    const release = await holdLock(name, signal, () => this.#report("other-tab"));
    await this.#readCard();
    if (this.#complete) release(); // another tab was quicker
    return release;
  }

  async #readCard(): Promise<void> {
    const { bytes, sha256 } = this.#file;
    const card = await this.#kept.card(
      (card) => card.pieceBytes === this.#pieceBytes && (bytes ?? card.bytes) === card.bytes,
    );
    if (!card) return;
    const { facts } = this.#download;
    facts.size = card.bytes;
    for (const [url, version] of card.versions) facts.versions.set(url, version);
    this.#complete = card.complete && (sha256 ?? card.sha256) === card.sha256;
    if (this.#complete) this.#sha256 = card.sha256;
  }

  async #fromCache(index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const piece = await this.#kept.read(index);
    if (piece) {
      this.#loaded = index * this.#pieceBytes + piece.byteLength;
      this.#report("cache");
    } else if (this.#complete) {
      // The pieces before it went out unhashed, so the file cannot be checked in this pass any more.
      this.#complete = false;
      this.#sha256 = undefined;
      await this.#kept.setCard(this.#card(false));
      throw new CheckpointError(
        "file-cut",
        "A part of the kept model was lost. Load it again: only that part is downloaded.",
      );
    }
    return piece;
  }

  async #fromNetwork(network: PieceAssembler, index: number): Promise<Uint8Array> {
    const piece = await network.piece(index);
    await this.#kept.write(index, piece, this.#card(false));
    return piece;
  }

  /** The bytes from `start` on, each chunk of them counted as it comes. */
  async *#counted(start: number, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    this.#loaded = start;
    for await (const chunk of this.#download.from(start, signal)) {
      this.#loaded += chunk.byteLength;
      this.#report("download");
      yield chunk;
    }
  }

  async #finish(found: string | undefined): Promise<void> {
    if (found !== this.#file.sha256) {
      await this.forget();
      throw new CheckpointError(
        "sha256-mismatch",
        "The downloaded checkpoint is not the one that was published: its SHA-256 differs. It was thrown away; load it again.",
      );
    }
    this.#sha256 = found;
    await this.#kept.setCard(this.#card(true));
  }

  #card(complete: boolean): CacheCard {
    const { size: bytes, sha256 } = this;
    const versions = [...this.#download.facts.versions];
    return { bytes, pieceBytes: this.#pieceBytes, complete, sha256, versions };
  }

  #report(phase: string): void {
    this.#onProgress?.({ phase, loaded: this.#loaded, total: this.size });
  }
}

/** Whether the file on the server is no longer the one whose pieces are kept. */
const hasChanged = (error: unknown, file: RemoteFile): boolean =>
  (error instanceof CheckpointError && error.rule === "file-changed") ||
  (error instanceof NextTokenError && error.cause instanceof OtherLength && file.bytes === undefined);
