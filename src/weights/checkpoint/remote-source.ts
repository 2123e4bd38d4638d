import { throwIfAborted } from "../../abort.ts";
import type { Progress } from "../../config.ts";
import { type ByteSource, PIECE_BYTES } from "./byte-source.ts";
import { CheckpointError, quote } from "./checkpoint-error.ts";
import { copyName } from "./copy-name.ts";
import { Download, type DownloadOptions, type RemoteFile } from "./download/download.ts";
import { DownloadError } from "./download/download-error.ts";
import { type DownloadReason, OtherLength } from "./download/failure.ts";
import { PieceAssembler } from "./download/piece-assembler.ts";
import { CHANGED, Doubtful } from "./download/request.ts";
import { shown } from "./download/site.ts";
import { Tail } from "./download/tail.ts";
import { FileHash } from "./file-hash.ts";
import { freeNow } from "./free.ts";
import { KeptPieces } from "./kept-pieces.ts";
import { holdLock } from "./lock.ts";
import { type CacheCard, digest, type ModelCache } from "./model-cache.ts";
import { askToPersist } from "./persist.ts";

export interface RemoteOptions extends Pick<DownloadOptions, "fetch" | "policy"> {
  /**
   * Phases: "download"; "cache"; "retry" while waiting to try again, "busy" where the server asked for the wait;
   * "other-tab" while another tab downloads it.
   */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gets a sentence when something is not as it should be but goes on: storage that is full or forbidden. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Gets the mirrors that sent some of what turned out not to be the file: it may be right without them. */
  readonly avoid?: Set<string> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The size of the pieces, 4 MiB unless a test wants small ones. */
  readonly pieceBytes?: number | undefined;
}

/**
 * A file from the network, in pieces that are stored for the next visit and read from storage then. A request outlives the
 * pass that began it: the next pass continues where that one stopped, so that one request downloads the whole file.
 */
export class RemoteSource implements ByteSource {
  #file: RemoteFile;
  #pieceBytes: number;
  #onProgress: ((progress: Progress) => void) | undefined;
  #onNote: (note: string) => void;
  #avoid: Set<string>;
  #download: Download;
  #kept: KeptPieces;
  /** The download that is under way, read as far as the passes came, and what stops it. */
  #network: PieceAssembler;
  #stop = new AbortController();
  /** Lets another tab have the file; undefined while this one does not hold it. */
  #unlock: (() => void) | undefined;
  /** The last bytes that the pass has come by. */
  #tail = new Tail();
  /** Every piece is in the cache, and together they are the right file. */
  #complete = false;
  /** The addresses that gave the file, as on its card. */
  #addresses: readonly string[] = [];
  #sha256: string | undefined;
  #loaded = 0;

  private constructor(file: RemoteFile, cache: ModelCache | undefined, options: RemoteOptions) {
    this.#file = file;
    this.#pieceBytes = options.pieceBytes ?? PIECE_BYTES;
    this.#onProgress = options.onProgress;
    this.#onNote = options.onNote ?? (() => {});
    this.#avoid = options.avoid ?? new Set();
    this.#kept = new KeptPieces(cache?.file(file.url), this.#onNote);
    const onWait = (wait: number, reason: DownloadReason) =>
      this.#report(reason === "busy" ? "busy" : "retry", wait);
    this.#download = new Download(file, { fetch: options.fetch, policy: options.policy, onWait });
    this.#network = new PieceAssembler(this.#pieceBytes, (start) => this.#counted(start));
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
    if (source.#complete) await source.#confirmAddress(options.signal);
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

  /**
   * One pass at a time. One that is left early leaves its request open for the next, or for `close`.
   * @throws as `open`; CheckpointError "sha256-mismatch" or "file-changed", when nothing of the file stays stored
   */
  async *pieces(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    throwIfAborted(signal);
    const stop = () => this.#stop.abort();
    signal?.addEventListener("abort", stop);
    this.#loaded = 0;
    this.#tail = new Tail();
    try {
      await this.#waitForOthers(signal);
      const hash = this.#file.sha256 !== undefined && !this.#complete ? new FileHash() : undefined;
      for (let index = 0; !this.#isEnd(index); index++) {
        throwIfAborted(signal);
        const kept = await this.#fromCache(index);
        const piece = kept ?? (await this.#fromNetwork(index));
        await hash?.update(piece);
        this.#tail.push(piece);
        yield piece;
        if (kept) freeNow(kept);
      }
      if (!this.#complete) await this.#finish(hash?.digest());
      await this.close();
    } catch (error) {
      await this.close();
      throw await this.#afterFailure(error);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#network.close();
    this.#stop = new AbortController();
    this.#unlock?.();
    this.#unlock = undefined;
  }

  async forget(): Promise<void> {
    this.#complete = false;
    this.#sha256 = undefined;
    this.#addresses = [];
    this.#avoidMirrors();
    await this.#kept.forget();
    const { facts } = this.#download;
    Object.assign(facts, { size: this.#file.bytes, hasKept: false, hasDoubted: false, isWhole: false });
    facts.versions.clear();
  }

  /** Deletes the stored pieces of a file that has changed on its server. @returns the error to be thrown */
  async #afterFailure(error: unknown): Promise<unknown> {
    const isOther = error instanceof DownloadError && error.cause instanceof OtherLength;
    const hasChanged = isOther && this.#file.bytes === undefined;
    if (!hasChanged && !(error instanceof CheckpointError && error.rule === "file-changed")) return error;
    await this.forget();
    return hasChanged ? new CheckpointError("file-changed", CHANGED, { cause: error }) : error;
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
  async #waitForOthers(signal: AbortSignal | undefined): Promise<void> {
    if (this.#complete || this.#unlock || !this.#kept.shared) return;
    const name = `next-token: ${this.#kept.name}`;
    this.#unlock = await holdLock(name, signal, () => this.#report("other-tab"));
    await this.#readCard();
    if (!this.#complete) return;
    this.#unlock(); // another tab was quicker
    this.#unlock = undefined;
  }

  async #readCard(): Promise<void> {
    const { bytes, sha256 } = this.#file;
    const card = await this.#kept.card(
      (card) => card.pieceBytes === this.#pieceBytes && (bytes ?? card.bytes) === card.bytes,
    );
    if (!card) return;
    const { facts } = this.#download;
    facts.size = card.bytes;
    facts.hasKept = true;
    for (const [name, versions] of card.versions)
      if (Array.isArray(versions)) facts.versions.set(name, versions); // cards were written otherwise once
    this.#addresses = card.addresses ?? [await addressHash(copyName(this.#file.url))];
    this.#complete = card.complete && (sha256 ?? card.sha256) === card.sha256;
    if (this.#complete) this.#sha256 = card.sha256;
  }

  /**
   * Checks that a new signed address leads to the stored file, which its name alone does not prove. Without a network, or
   * with an expired signature, the name is trusted.
   */
  async #confirmAddress(signal: AbortSignal | undefined): Promise<void> {
    const isKnown = this.#addresses.includes(await addressHash(this.#file.url));
    if (isKnown || this.#download.facts.hashed) return;
    const tail = new Tail();
    const count = Math.ceil(this.size / this.#pieceBytes);
    for (const index of [count - 2, count - 1]) tail.push((await this.#kept.read(index)) ?? NOTHING);
    try {
      if (await this.#download.confirms(tail.bytes(), signal))
        await this.#kept.setCard(await this.#card(true));
      else await this.forget();
    } catch (error) {
      const namesFile = new URL(this.#file.url).pathname.endsWith(".safetensors");
      if (!(error instanceof DownloadError && namesFile)) throw error;
      this.#onNote(
        `Whether ${quote(shown(this.#file.url))} still has the file that was kept could not be asked: what was kept is used.`,
      );
    }
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
      await this.#kept.setCard(await this.#card(false));
      throw new CheckpointError(
        "file-cut",
        "A part of the kept model was lost. Load it again: only that part is downloaded.",
      );
    }
    return piece;
  }

  async #fromNetwork(index: number): Promise<Uint8Array> {
    let piece: Uint8Array<ArrayBuffer>;
    try {
      piece = await this.#network.piece(index);
    } catch (error) {
      if (!(error instanceof Doubtful)) throw error;
      await this.#compareAgain(index);
      piece = await this.#network.piece(index);
    }
    await this.#kept.write(index, piece, await this.#card(false));
    return piece;
  }

  /**
   * The server gives the file another name than before. Nodes of one server do so for the same bytes, and a file that
   * changed has others: all pieces before this one are read once more and compared, on the way to it.
   * @throws CheckpointError "file-changed"
   */
  async #compareAgain(end: number): Promise<void> {
    await this.#network.close();
    if (end === 0) throw new Doubtful(); // the stored pieces come after it
    for (let index = 0; index < end; index++) {
      const piece = await this.#network.piece(index);
      if (!(await this.#kept.isSame(index, piece))) throw new CheckpointError("file-changed", CHANGED);
    }
  }

  /** The bytes from `start` on, each chunk of them counted as it comes. */
  async *#counted(start: number): AsyncGenerator<Uint8Array> {
    this.#loaded = start;
    const before = start === 0 ? undefined : this.#tail.bytes();
    for await (const chunk of this.#download.from(start, this.#stop.signal, before)) {
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
    if (await this.#kept.setCard(await this.#card(true))) askToPersist();
  }

  async #card(complete: boolean): Promise<CacheCard> {
    const { size: bytes, sha256 } = this;
    const versions = [...this.#download.facts.versions];
    const known = new Set([...this.#addresses, await addressHash(this.#file.url)]);
    const addresses = [...known].slice(-MOST_ADDRESSES);
    return { bytes, pieceBytes: this.#pieceBytes, complete, sha256, versions, addresses };
  }

  #report(phase: string, retryIn?: number): void {
    const wait = retryIn === undefined ? {} : { retryIn };
    this.#onProgress?.({ phase, loaded: this.#loaded, total: this.size, ...wait });
  }
}

const NOTHING = new Uint8Array(0);

/** So many addresses are remembered: a site may make a new one for each visit. */
const MOST_ADDRESSES = 20;

const addressHash = (url: string) => digest(new TextEncoder().encode(url));
