import { type CacheCard, type CachedFile, digest } from "./model-cache.ts";

/** The pieces of one file in the browser's cache, with a note where the browser does not allow it. */
export class KeptPieces {
  /** Undefined where the browser allows no cache. */
  #cached: CachedFile | undefined;
  #onNote: (note: string) => void;
  /** Whether a card confirms that the pieces in the cache belong to one file. */
  #carded = false;
  #writable = true;
  /** The first piece, where no cache holds it: opening a file reads it more than once. */
  #first: Uint8Array<ArrayBuffer> | undefined;
  /** The SHA-256 of each piece that no cache holds. */
  #unkept = new Map<number, string>();

  constructor(cached: CachedFile | undefined, onNote: (note: string) => void) {
    this.#cached = cached;
    this.#onNote = onNote;
    if (!cached) onNote(FORBIDDEN);
  }

  /** The name under which they are stored; undefined where the browser allows no cache. */
  get name(): string | undefined {
    return this.#cached?.name;
  }

  /** Whether other tabs can read what this one stores. */
  get shared(): boolean {
    return this.#cached !== undefined;
  }

  /** The card, unless it describes something else than `fits` wants. */
  async card(fits: (card: CacheCard) => boolean): Promise<CacheCard | undefined> {
    const card = await this.#cached?.card().catch(() => undefined);
    if (!card || !fits(card)) return undefined;
    this.#carded = true;
    return card;
  }

  /** A piece, which the caller must not change, or undefined. */
  async read(index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const kept = this.#carded ? await this.#cached?.piece(index).catch(() => undefined) : undefined;
    return kept ?? (index === 0 ? this.#first?.slice() : undefined);
  }

  async write(index: number, piece: Uint8Array<ArrayBuffer>, card: CacheCard): Promise<void> {
    const stored = await this.#try(async (cached) => {
      if (!this.#carded) await cached.setCard(card);
      this.#carded = true;
      await cached.setPiece(index, piece);
    });
    if (stored) return;
    this.#unkept.set(index, await digest(piece));
    if (index === 0) this.#first = piece.slice();
  }

  /** Whether the piece that came before under this index had these bytes. */
  async isSame(index: number, piece: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const before = this.#unkept.get(index) ?? (await this.#cached?.pieceHash(index).catch(() => undefined));
    return before === (await digest(piece));
  }

  /** @returns whether it was written */
  async setCard(card: CacheCard): Promise<boolean> {
    return this.#try((cached) => cached.setCard(card));
  }

  /** Deletes everything, so that the next attempt starts anew. */
  async forget(): Promise<void> {
    this.#carded = false;
    this.#first = undefined;
    this.#unkept.clear();
    await this.#cached?.clear().catch(() => {});
  }

  /** Writes to the cache until that fails once; loading then continues without it. */
  async #try(write: (cached: CachedFile) => Promise<void>): Promise<boolean> {
    if (!this.#cached || !this.#writable) return false;
    try {
      await write(this.#cached);
      return true;
    } catch (error) {
      this.#writable = false;
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      this.#onNote(full ? FULL : FORBIDDEN);
      return false;
    }
  }
}

const FORBIDDEN =
  "This browser keeps no files for this page (a private window or an embedded frame, perhaps): the model is downloaded anew on each visit.";
const FULL =
  "There is no room to keep the whole model: what did not fit is downloaded anew on the next visit.";
