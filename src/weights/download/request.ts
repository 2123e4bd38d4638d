import { CheckpointError } from "../checkpoint-error.ts";
import { checkFirstBytes, SNIFF_BYTES } from "../sniff.ts";
import { Interrupted, OtherLength, Unusable } from "./failure.ts";
import { type DownloadPolicy, retryAfter } from "./policy.ts";
import { Watchdog } from "./watchdog.ts";

/** What is known of the remote file; a request adds what it learns. */
export interface RemoteFacts {
  /** Bytes of the whole file. */
  size?: number | undefined;
  /** By address: the ETag or date by which a server names this very state of the file. */
  readonly versions: Map<string, string>;
  /** Whether a SHA-256 will decide in the end; then versions, which mirrors and server farms name as they like, do not. */
  readonly hashed: boolean;
}

interface RequestOptions {
  readonly fetch: typeof fetch;
  readonly policy: DownloadPolicy;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks one address once for the file from byte `start` on, and yields what comes of it. Ends without an error only
 * when everything came that the answer promised; that may be less than the file, but never nothing.
 * @throws Interrupted, Unusable, CheckpointError, or NextTokenError "aborted"
 */
export async function* requestFrom(
  url: string,
  start: number,
  facts: RemoteFacts,
  { fetch, policy, signal }: RequestOptions,
): AsyncGenerator<Uint8Array> {
  const watchdog = new Watchdog(signal);
  try {
    const asked = fetch(url, {
      // A single plain range needs no permission from another site, and keeps servers from compressing.
      headers: { Range: `bytes=${start}-` },
      signal: watchdog.signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
    const response = await watchdog.watch(asked, policy.answerTimeout, "no answer came");
    checkStatus(response);
    const part = promisedPart(response, start, facts);
    const chunks = readBody(response, watchdog, policy.stallTimeout);
    if (!part) return await refuseUnmeasured(chunks);
    checkVersion(response, url, start, facts);
    yield* checkedPart(chunks, part, start, facts);
  } finally {
    watchdog.release();
  }
}

function checkStatus({ status, headers }: Response): void {
  if (status === 200 || status === 206) return;
  const answer = `it answered ${status}`;
  if (status === 429 || status === 503)
    throw new Interrupted(answer, retryAfter(headers.get("retry-after"), Date.now()));
  if (status === 408 || status >= 500) throw new Interrupted(answer);
  throw status === 416 ? new OtherLength(answer) : new Unusable(answer);
}

/** Which bytes of the file the body holds: [begin, end) of `size`. */
interface Part {
  readonly begin: number;
  readonly end: number;
  readonly size: number;
}

/**
 * A 206 must be the very part that was asked for; a 200 is the whole file from its start again. Undefined where nobody
 * says how long the file is.
 */
function promisedPart({ status, headers }: Response, start: number, facts: RemoteFacts): Part | undefined {
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get("content-range") ?? "");
  if (status === 206 && range) {
    const [first, last, size] = range.slice(1).map(Number) as [number, number, number];
    if (first !== start || last < first || last >= size)
      throw new Unusable("it sent other bytes than those asked for");
    return { begin: start, end: last + 1, size };
  }
  // Other sites may hide content-range from us; the length, never hidden, says the same. Under compression it would be
  // that of the compressed bytes.
  const length = headers.has("content-encoding") ? null : headers.get("content-length");
  const begin = status === 206 ? start : 0;
  const size = length === null ? facts.size : begin + Number(length);
  if (size === undefined) return undefined;
  if (size <= start) throw new OtherLength(`it has nothing from byte ${start} on`);
  return { begin, end: size, size };
}

/** Pages are often sent without a length: then what came instead of the file is the better thing to say. */
async function refuseUnmeasured(chunks: AsyncIterable<Uint8Array>): Promise<never> {
  for await (const _ of withCheckedStart(chunks)) break;
  throw new Unusable("it does not say how long the file is, so that a cut could not be noticed");
}

function checkVersion({ headers }: Response, url: string, start: number, facts: RemoteFacts): void {
  const version = headers.get("etag") ?? headers.get("last-modified");
  if (version === null) return;
  const before = facts.versions.get(url);
  if (start > 0 && !facts.hashed && before !== undefined && before !== version)
    throw new CheckpointError(
      "file-changed",
      "The file changed on its server in the middle of the download. Load it again.",
    );
  facts.versions.set(url, version);
}

async function* readBody(
  response: Response,
  watchdog: Watchdog,
  timeout: number,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await watchdog.watch(reader.read(), timeout, "the bytes stopped coming");
    if (done) return;
    yield value;
  }
}

/** The bytes from `start` on, once the first ones look like a checkpoint and the length is the one known. */
async function* checkedPart(
  chunks: AsyncIterable<Uint8Array>,
  { begin, end, size }: Part,
  start: number,
  facts: RemoteFacts,
): AsyncGenerator<Uint8Array> {
  let at = begin;
  for await (const chunk of begin === 0 ? withCheckedStart(chunks) : chunks) {
    if (facts.size !== undefined && facts.size !== size)
      throw new OtherLength(`its file has ${size} bytes instead of ${facts.size}`);
    facts.size = size;
    if (at + chunk.byteLength > end) throw new Unusable("it sent more bytes than it promised");
    const fresh = chunk.subarray(Math.max(0, Math.min(start - at, chunk.byteLength)));
    at += chunk.byteLength;
    if (fresh.byteLength > 0) yield fresh;
  }
  if (at < end) throw new Interrupted("the connection was cut");
}

/** Holds the first bytes back until there are enough of them to see what kind of file they begin. */
async function* withCheckedStart(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (!start) {
      yield chunk;
      continue;
    }
    const longer: Uint8Array = new Uint8Array(start.byteLength + chunk.byteLength);
    longer.set(start);
    longer.set(chunk, start.byteLength);
    start = longer;
    if (start.byteLength < SNIFF_BYTES) continue;
    checkFirstBytes(start);
    yield start;
    start = undefined;
  }
  if (!start) return;
  checkFirstBytes(start);
  yield start;
}
