import { throwIfAborted } from "../../../abort.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { adviceFor } from "./advice.ts";
import type { Unseen } from "./diagnosis.ts";
import { DownloadError } from "./download-error.ts";
import { type DownloadReason, Interrupted, OtherLength, Unanswered, Unusable } from "./failure.ts";
import { pause } from "./pause.ts";
import { backoff, type DownloadPolicy, patient } from "./policy.ts";
import { Refusals } from "./refusals.ts";
import { type RemoteFacts, requestFrom } from "./request.ts";
import { OVERLAP_BYTES, Tail } from "./tail.ts";

/** A file to be downloaded. */
export interface RemoteFile {
  /** Its own address, by which it is known. */
  readonly url: string;
  /** Addresses of the same bytes that are tried before it, in this order. */
  readonly mirrors?: readonly string[] | undefined;
  /** Its length and SHA-256 (hex), where they are known beforehand. */
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
}

export interface DownloadOptions {
  readonly fetch?: typeof fetch | undefined;
  readonly policy?: DownloadPolicy | undefined;
  /** Called before each wait for another attempt, with the length of the wait in milliseconds and what it is for. */
  readonly onWait?: ((wait: number, reason: DownloadReason) => void) | undefined;
}

/** A download that goes on where it was cut, at the next address where one does not serve. */
export class Download {
  readonly facts: RemoteFacts;
  /** The addresses that bytes were taken from. */
  readonly taken = new Set<string>();
  #urls: readonly string[];
  #fetch: typeof fetch;
  #policy: DownloadPolicy;
  #onWait: (wait: number, reason: DownloadReason) => void;
  #refusals: Refusals;
  /** Which address is in use. Those before it have failed. */
  #mirror = 0;
  #reasons: string[] = [];
  /** A connection that is cut before it brings anything new is asked for less of what is there. */
  #overlap = OVERLAP_BYTES;

  constructor(file: RemoteFile, { fetch, policy, onWait }: DownloadOptions = {}) {
    this.#urls = [...(file.mirrors ?? []), file.url];
    this.#fetch = fetch ?? globalThis.fetch.bind(globalThis);
    this.#policy = policy ?? patient;
    this.#onWait = onWait ?? (() => {});
    this.#refusals = new Refusals(this.#fetch);
    this.facts = { size: file.bytes, versions: new Map(), hashed: file.sha256 !== undefined };
  }

  /**
   * The file's bytes from `start` to its end, each exactly once.
   * @param before bytes that are known to stand right before `start`: the rest has to belong to them
   * @throws DownloadError when no address serves; CheckpointError when what they serve is something else, "file-changed"
   * when it does not belong to what is there, or may not (`Doubtful`); NextTokenError "aborted"
   */
  async *from(start: number, signal?: AbortSignal, before?: Uint8Array): AsyncGenerator<Uint8Array> {
    const tail = new Tail(before);
    let at = start;
    let failures = 0;
    let lastFailure = start;
    while (this.facts.size === undefined || at < this.facts.size) {
      try {
        for await (const chunk of this.#request(at, tail.bytes(this.#overlap), signal)) {
          at += chunk.byteLength;
          tail.push(chunk);
          this.taken.add(this.#url);
          yield chunk;
        }
      } catch (error) {
        if (at - lastFailure >= this.#policy.progressBytes) failures = 0;
        if (at === lastFailure && isCut(error))
          this.#overlap = Math.max(tail.bytes(this.#overlap).byteLength >> 2, LEAST_OVERLAP);
        lastFailure = at;
        failures++;
        const failure = await this.#explained(error, signal);
        if (failure === undefined && failures < this.#policy.attempts) continue;
        if (await this.#mayRetry(failure ?? error, failures, signal)) continue;
        this.#nextMirror(failure ?? error);
        failures = 0;
      }
    }
  }

  /**
   * Whether the file's own address still gives the file that ends with these bytes.
   * @throws DownloadError where that cannot be found out; NextTokenError "aborted"
   */
  async confirms(last: Uint8Array, signal: AbortSignal | undefined): Promise<boolean> {
    const url = this.#urls.at(-1)!;
    try {
      const request = this.#requestTo(url, this.facts.size!, last, signal);
      for await (const _ of request) break;
      return true;
    } catch (error) {
      if (error instanceof CheckpointError || error instanceof OtherLength) return false;
      if (error instanceof Interrupted || error instanceof Unusable) throw failed(error, url, error.message);
      throw error;
    }
  }

  get #url(): string {
    return this.#urls[this.#mirror]!;
  }

  #request(at: number, before: Uint8Array, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    return this.#requestTo(this.#url, at, before, signal);
  }

  #requestTo(url: string, at: number, before: Uint8Array, signal: AbortSignal | undefined) {
    throwIfAborted(signal);
    return requestFrom(url, at, before, this.facts, { fetch: this.#fetch, policy: this.#policy, signal });
  }

  /** The failure with its cause, where the browser kept it from us; undefined where it is to be asked again at once. */
  async #explained(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (!(error instanceof Unanswered)) return error;
    this.facts.hasFailed = true;
    const found = await this.#refusals.look(this.#url, this.taken.has(this.#url), signal);
    if (found === "again") return undefined;
    return found === "wait" ? error : new Unusable(unseen[found], found);
  }

  /** Waits where the same address is worth another attempt. */
  async #mayRetry(error: unknown, failures: number, signal: AbortSignal | undefined): Promise<boolean> {
    if (!(error instanceof Interrupted) || failures >= this.#policy.attempts) return false;
    const wait = Math.max(backoff(failures, this.#policy), error.retryAfter ?? 0);
    if (wait > this.#policy.maxRetryAfter) return false;
    this.#onWait(wait, error.reason);
    await pause(wait, signal);
    return true;
  }

  /** Goes on to the next address, or gives up with what was learnt from all of them. */
  #nextMirror(error: unknown): void {
    const isFailure = error instanceof Interrupted || error instanceof Unusable;
    if (!isFailure && !(error instanceof CheckpointError && error.rule !== "file-changed")) throw error;
    const url = this.#url;
    this.#reasons.push(`${new URL(url).host}: ${isFailure ? error.message : "it sent something else"}`);
    this.#mirror = (this.#mirror + 1) % this.#urls.length;
    if (this.#mirror > 0) return;
    const reasons = this.#reasons.splice(0).join("; ");
    throw isFailure ? failed(error, url, reasons) : error;
  }
}

const LEAST_OVERLAP = 256;
const isCut = (error: unknown) => error instanceof Interrupted && ["cut", "silence"].includes(error.reason);

const unseen: Readonly<Record<Unseen, string>> = {
  offline: "this computer is offline",
  unreachable: "no connection came about",
  "not-shared": "the browser may not read its answer",
  redirected: "it redirects to another site",
  policy: "this page's policy forbids it",
  "mixed-content": "it is not secure",
};

function failed(error: Interrupted | Unusable, url: string, reasons: string): DownloadError {
  const asked = error instanceof Interrupted ? error.retryAfter : undefined;
  const pause = asked ? ` It asks to be left alone for ${Math.ceil(asked / 60_000)} min.` : "";
  return new DownloadError(
    error.reason,
    `The checkpoint could not be downloaded (${reasons}). ${adviceFor(error.reason, url)}${pause}`,
    { cause: error },
  );
}
