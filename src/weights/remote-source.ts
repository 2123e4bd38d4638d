import type { Progress } from "../model/config.ts";
import { NextTokenError } from "../next-token-error.ts";
import { throwIfAborted } from "./abort.ts";
import { type ByteSource, PIECE_BYTES } from "./byte-source.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import { Download, type DownloadOptions, type RemoteFile } from "./download/download.ts";
import { OtherLength } from "./download/failure.ts";
import { PieceAssembler } from "./download/piece-assembler.ts";
import { FileHash } from "./file-hash.ts";
import { freeNow } from "./free.ts";
import { holdLock } from "./lock.ts";
import type { CacheCard, CachedFile, ModelCache } from "./model-cache.ts";

export interface RemoteOptions extends Pick<DownloadOptions, "fetch" | "policy"> {
  /** Phases: "download"; "cache"; "retry" while waiting to try again; "other-tab" while another tab downloads it. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gets a sentence when something is not as it should be but goes on: storage that is full or forbidden. */
  readonly onNote?: ((note: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The size of the pieces, 4 MiB unless a test wants small ones. */
  readonly pieceBytes?: number | undefined;
}

/** A file from the network, in pieces that are kept for the next visit, and read from there when they are there. */
export class RemoteSource implements ByteSource {
  #file: RemoteFile;
  #pieceBytes: number;
  #options: RemoteOptions;
  #download: Download;
  #kept: CachedFile | undefined;
  #writable = true;
  /** Whether the pieces in the cache can be trusted to be of one file. */
  #carded = false;
  #complete = false;
  /** The first piece, where there is no cache to hold it: opening the file reads it more than once. */
  #first: Uint8Array<ArrayBuffer> | undefined;
  #sha256: string | undefined;
  #loaded = 0;

  private constructor(file: RemoteFile, kept: CachedFile | undefined, options: RemoteOptions) {
    this.#file = file;
    this.#kept = kept;
    this.#options = options;
    this.#pieceBytes = options.pieceBytes ?? PIECE_BYTES;
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
    const source = new RemoteSource(file, cache?.file(file.url), options);
    if (!cache) options.onNote?.(FORBIDDEN);
    await source.#readCard();
    if (!source.#complete) for await (const _ of source.pieces(options.signal)) break;
    return source;
  }

  get size(): number {
    return this.#download.facts.size ?? 0;
  }

  get sha256(): string | undefined {
    return this.#sha256;
  }

  /** @throws as `open`; CheckpointError "sha256-mismatch", when nothing of the file is kept, or "file-changed" */
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
        if (kept && kept !== this.#first) freeNow(kept);
      }
      if (!this.#complete) await this.#finish(hash?.digest());
    } catch (error) {
      if (hasChanged(error, this.#file)) await this.#forget();
      throw error;
    } finally {
      await network.close();
      release();
    }
  }

  #isEnd(index: number): boolean {
    const { size } = this.#download.facts;
    return size !== undefined && index * this.#pieceBytes >= size;
  }

  /** One download at a time in all tabs: the others find it in the cache afterwards. */
  async #waitForOthers(signal: AbortSignal | undefined): Promise<() => void> {
    if (this.#complete || !this.#kept) return () => {};
    const name = `next-token: ${this.#file.url}`;
    const release = await holdLock(name, signal, () => this.#report("other-tab"));
    await this.#readCard();
    if (this.#complete) release(); // another tab was quicker
    return release;
  }

  async #readCard(): Promise<void> {
    const card = await this.#kept?.card().catch(() => undefined);
    if (card?.pieceBytes !== this.#pieceBytes || (this.#file.bytes ?? card.bytes) !== card.bytes) return;
    const { facts } = this.#download;
    this.#carded = true;
    facts.size = card.bytes;
    for (const [url, version] of card.versions) facts.versions.set(url, version);
    this.#complete = card.complete && (this.#file.sha256 ?? card.sha256) === card.sha256;
    if (this.#complete) this.#sha256 = card.sha256;
  }

  async #fromCache(index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const kept = this.#carded ? await this.#kept?.piece(index).catch(() => undefined) : undefined;
    const piece = kept ?? (index === 0 ? this.#first : undefined);
    if (!piece && this.#complete) {
      await this.#giveUpCompleteness();
      throw new CheckpointError(
        "file-cut",
        "A part of the kept model was lost. Load it again: only that part is downloaded.",
      );
    }
    if (!piece) return undefined;
    this.#loaded = index * this.#pieceBytes + piece.byteLength;
    this.#report("cache");
    return piece;
  }

  async #fromNetwork(network: PieceAssembler, index: number): Promise<Uint8Array> {
    const piece = await network.piece(index);
    const stored = await this.#keep(async (kept) => {
      if (!this.#carded) await kept.setCard(this.#card(false));
      this.#carded = true;
      await kept.setPiece(index, piece);
    });
    if (index === 0 && !stored) this.#first = piece.slice();
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
      await this.#forget();
      throw new CheckpointError(
        "sha256-mismatch",
        "The downloaded checkpoint is not the one that was published: its SHA-256 differs. It was thrown away; load it again.",
      );
    }
    this.#sha256 = found;
    await this.#keep(async (kept) => {
      await kept.setCard(this.#card(true));
      this.#complete = true;
    });
  }

  async #giveUpCompleteness(): Promise<void> {
    this.#complete = false;
    this.#sha256 = undefined;
    await this.#kept?.setCard(this.#card(false)).catch(() => {});
  }

  /** Throws away everything of a file that turned out to be the wrong one, so that the next attempt starts anew. */
  async #forget(): Promise<void> {
    this.#carded = false;
    this.#first = undefined;
    await this.#kept?.clear().catch(() => {});
  }

  #card(complete: boolean): CacheCard {
    const { size: bytes, sha256 } = this;
    const versions = [...this.#download.facts.versions];
    return { bytes, pieceBytes: this.#pieceBytes, complete, sha256, versions };
  }

  /** Writes to the cache while it takes anything; once it does not, the model goes on without. */
  async #keep(write: (kept: CachedFile) => Promise<void>): Promise<boolean> {
    if (!this.#kept || !this.#writable) return false;
    try {
      await write(this.#kept);
      return true;
    } catch (error) {
      this.#writable = false;
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      this.#options.onNote?.(full ? FULL : FORBIDDEN);
      return false;
    }
  }

  #report(phase: string): void {
    this.#options.onProgress?.({ phase, loaded: this.#loaded, total: this.size });
  }
}

/** Whether the file on the server is no longer the one whose pieces are kept. */
const hasChanged = (error: unknown, file: RemoteFile): boolean =>
  (error instanceof CheckpointError && error.rule === "file-changed") ||
  (error instanceof NextTokenError && error.cause instanceof OtherLength && file.bytes === undefined);

const FORBIDDEN =
  "This browser keeps no files for this page (a private window or an embedded frame, perhaps): the model is downloaded anew on each visit.";
const FULL =
  "There is no room to keep the whole model: what did not fit is downloaded anew on the next visit.";
