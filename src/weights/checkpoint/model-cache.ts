import { copyName } from "./copy-name.ts";
import type { Version } from "./download/version.ts";

/** The metadata of a stored file. */
export interface CacheCard {
  /** Bytes of the whole file, and of each piece but the last. */
  readonly bytes: number;
  readonly pieceBytes: number;
  /** Whether every piece is stored, and together they had the right hash. */
  readonly complete: boolean;
  /** Of the whole file, where it was computed. */
  readonly sha256?: string | undefined;
  /** By address, how its server names the state of the file whose pieces these are. */
  readonly versions: readonly (readonly [name: string, versions: readonly Version[]])[];
  /**
   * The SHA-256 of each address that gave this file: the addresses themselves may be secrets. Older cards have none.
   */
  readonly addresses?: readonly string[] | undefined;
}

/** One line of the list of kept models. */
export interface CachedModel {
  /** The address it came from, without what signed it; give it to `delete`. */
  readonly url: string;
  readonly bytes: number;
  /** How many of them are stored; fewer than `bytes` after a download that was interrupted. */
  readonly cachedBytes: number;
  readonly complete: boolean;
}

/** The address of the cache's entries; the host does not exist, and is never requested. */
const ROOT = "https://models.invalid/";
const addressOf = (url: string, entry: string | number) =>
  `${ROOT}${encodeURIComponent(copyName(url))}/${entry}`;

/**
 * The models stored between visits, in the browser's Cache Storage. A file is stored in pieces, each with its own SHA-256, so
 * that an interrupted download can continue, and a piece that storage lost or damaged is noticed.
 */
export class ModelCache {
  #cache: Cache;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** The cache, or undefined where the browser forbids it: a private window, an embedded frame, an insecure page. */
  static async open(): Promise<ModelCache | undefined> {
    try {
      return new ModelCache(await globalThis.caches.open("next-token-models"));
    } catch {
      return undefined;
    }
  }

  /** The place of the file that comes from `url`: the same for all its signed addresses. */
  file(url: string): CachedFile {
    return new CachedFile(this.#cache, url);
  }

  async list(): Promise<CachedModel[]> {
    const pieces = new Map<string, number[]>();
    for (const { url: address } of await this.#cache.keys()) {
      const [name, entry] = address.slice(ROOT.length).split("/") as [string, string];
      const url = decodeURIComponent(name);
      pieces.set(url, [...(pieces.get(url) ?? []), ...(/^\d+$/.test(entry) ? [Number(entry)] : [])]);
    }
    const models: CachedModel[] = [];
    for (const [url, indices] of pieces) {
      const card = await this.file(url).card();
      if (!card) continue;
      const { bytes, pieceBytes, complete } = card;
      const sizes = indices.map((index) => Math.min(pieceBytes, bytes - index * pieceBytes));
      const cachedBytes = sizes.reduce((sum, size) => sum + size, 0);
      models.push({ url, bytes, cachedBytes, complete });
    }
    return models;
  }

  /** The file stored from `url`, if there is one. */
  async find(url: string): Promise<CachedModel | undefined> {
    const name = copyName(url);
    return (await this.list()).find((model) => model.url === name);
  }

  /** Deletes everything stored from `url`. A download in progress continues. */
  async delete(url: string): Promise<void> {
    for (const request of await this.#cache.keys())
      if (request.url.startsWith(addressOf(url, ""))) await this.#cache.delete(request);
  }
}

/** One stored file. */
export class CachedFile {
  #cache: Cache;
  #url: string;

  constructor(cache: Cache, url: string) {
    this.#cache = cache;
    this.#url = url;
  }

  /** The file's address without what signs it. */
  get name(): string {
    return copyName(this.#url);
  }

  async card(): Promise<CacheCard | undefined> {
    const stored = await this.#cache.match(addressOf(this.#url, "card"));
    return stored ? ((await stored.json()) as CacheCard) : undefined;
  }

  async setCard(card: CacheCard): Promise<void> {
    await this.#cache.put(addressOf(this.#url, "card"), Response.json(card));
  }

  /** The text of the `config.json` beside the file; "" where there is none, undefined where nobody has looked. */
  async config(): Promise<string | undefined> {
    return (await this.#cache.match(addressOf(this.#url, "config.json")))?.text();
  }

  async setConfig(text: string): Promise<void> {
    await this.#cache.put(addressOf(this.#url, "config.json"), new Response(text));
  }

  async deleteConfig(): Promise<void> {
    await this.#cache.delete(addressOf(this.#url, "config.json"));
  }

  /** The text of the `vocab.json` beside the file; "" where there is none, undefined where nobody has looked. */
  async vocabulary(): Promise<string | undefined> {
    return (await this.#cache.match(addressOf(this.#url, "vocab.json")))?.text();
  }

  async setVocabulary(text: string): Promise<void> {
    await this.#cache.put(addressOf(this.#url, "vocab.json"), new Response(text));
  }

  /** A piece exactly as it was written, or undefined. */
  async piece(index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const address = addressOf(this.#url, index);
    const stored = await this.#cache.match(address);
    if (!stored) return undefined;
    const piece = new Uint8Array(await stored.arrayBuffer());
    if ((await digest(piece)) === stored.headers.get("x-sha256")) return piece;
    await this.#cache.delete(address);
    return undefined;
  }

  /** The SHA-256 of a piece as it was written. */
  async pieceHash(index: number): Promise<string | undefined> {
    return (await this.#cache.match(addressOf(this.#url, index)))?.headers.get("x-sha256") ?? undefined;
  }

  /** @throws DOMException "QuotaExceededError" where there is no room */
  async setPiece(index: number, piece: Uint8Array<ArrayBuffer>): Promise<void> {
    const headers = { "x-sha256": await digest(piece) };
    await this.#cache.put(addressOf(this.#url, index), new Response(piece, { headers }));
  }

  async clear(): Promise<void> {
    await new ModelCache(this.#cache).delete(this.#url);
  }
}

/** SHA-256 as lower-case hex. */
export async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
