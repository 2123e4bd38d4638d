import { throwIfAborted } from "../../abort.ts";
import { NextTokenError } from "../../next-token-error.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { Interrupted, Unusable } from "./failure.ts";
import { pause } from "./pause.ts";
import { backoff, type DownloadPolicy, patient } from "./policy.ts";
import { type RemoteFacts, requestFrom } from "./request.ts";

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
  /** Called before each wait for another attempt, with the length of the wait in milliseconds. */
  readonly onWait?: ((wait: number) => void) | undefined;
}

/** A download that goes on where it was cut, at the next address where one does not serve. */
export class Download {
  readonly facts: RemoteFacts;
  /** The addresses that bytes were taken from. */
  readonly taken = new Set<string>();
  #urls: readonly string[];
  #fetch: typeof fetch;
  #policy: DownloadPolicy;
  #onWait: (wait: number) => void;
  /** Which address is in use. Those before it have failed. */
  #mirror = 0;
  #reasons: string[] = [];

  constructor(file: RemoteFile, { fetch, policy, onWait }: DownloadOptions = {}) {
    this.#urls = [...(file.mirrors ?? []), file.url];
    this.#fetch = fetch ?? globalThis.fetch.bind(globalThis);
    this.#policy = policy ?? patient;
    this.#onWait = onWait ?? (() => {});
    this.facts = { size: file.bytes, versions: new Map(), hashed: file.sha256 !== undefined };
  }

  /**
   * The file's bytes from `start` to its end, each exactly once.
   * @throws NextTokenError "download-failed" when no address serves; CheckpointError when what they serve is something
   * else; "aborted"
   */
  async *from(start: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    let at = start;
    let failures = 0;
    let lastFailure = start;
    while (this.facts.size === undefined || at < this.facts.size) {
      try {
        for await (const chunk of this.#request(at, signal)) {
          at += chunk.byteLength;
          this.taken.add(this.#urls[this.#mirror]!);
          yield chunk;
        }
      } catch (error) {
        if (at - lastFailure >= this.#policy.progressBytes) failures = 0;
        lastFailure = at;
        failures++;
        if (await this.#mayRetry(error, failures, signal)) continue;
        this.#nextMirror(error);
        failures = 0;
      }
    }
  }

  #request(at: number, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    throwIfAborted(signal);
    return requestFrom(this.#urls[this.#mirror]!, at, this.facts, {
      fetch: this.#fetch,
      policy: this.#policy,
      signal,
    });
  }

  /** Waits where the same address is worth another attempt. */
  async #mayRetry(error: unknown, failures: number, signal: AbortSignal | undefined): Promise<boolean> {
    if (!(error instanceof Interrupted) || failures >= this.#policy.attempts) return false;
    const wait = Math.max(backoff(failures, this.#policy), error.retryAfter ?? 0);
    if (wait > this.#policy.maxRetryAfter) return false;
    this.#onWait(wait);
    await pause(wait, signal);
    return true;
  }

  /** Goes on to the next address, or gives up with what was learnt from all of them. */
  #nextMirror(error: unknown): void {
    const wrongFile = error instanceof CheckpointError && error.rule !== "file-changed";
    if (!(error instanceof Interrupted || error instanceof Unusable || wrongFile)) throw error;
    const { host } = new URL(this.#urls[this.#mirror]!);
    this.#reasons.push(`${host}: ${wrongFile ? "it sent something else" : error.message}`);
    this.#mirror = (this.#mirror + 1) % this.#urls.length;
    if (this.#mirror > 0) return;
    const reasons = this.#reasons.splice(0).join("; ");
    if (wrongFile) throw error;
    throw new NextTokenError(
      "download-failed",
      `The checkpoint could not be downloaded (${reasons}). Check the connection and try again.`,
      { cause: error },
    );
  }
}
