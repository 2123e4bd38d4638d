import { CheckpointError } from "../checkpoint-error.ts";
import { copyName } from "../copy-name.ts";
import { looksLikeSafetensors } from "../sniff.ts";
import { answerTo, Interrupted, OtherLength, Unusable } from "./failure.ts";
import { checkedStart, measured } from "./first-bytes.ts";
import { type DownloadPolicy, retryAfter } from "./policy.ts";
import { isTelling } from "./tail.ts";
import { compareVersions, type Version, versionOf } from "./version.ts";
import { Watchdog } from "./watchdog.ts";

/** What is known of the remote file; a request adds what it learns. */
export interface RemoteFacts {
  /** Bytes of the whole file. */
  size?: number | undefined;
  /** By address, the names of this very state of the file; the nodes of a server may have several. */
  readonly versions: Map<string, readonly Version[]>;
  /** Whether a SHA-256 will decide in the end; then versions, which mirrors and server farms name as they like, do not. */
  readonly hashed: boolean;
  /** Whether pieces of it are kept from an earlier visit. */
  hasKept?: boolean;
  /** Whether a server named another state once. One whose names never stay is not believed a second time. */
  hasDoubted?: boolean;
  /** Whether it comes whole or not at all: compressed, so that a range would be one of other bytes, or for want of ranges. */
  isWhole?: boolean;
  /** Whether a request got no answer: browsers ask for ranges uncompressed, and refuse a server that compresses all the same. */
  hasFailed?: boolean;
}

interface RequestOptions {
  readonly fetch: typeof fetch;
  readonly policy: DownloadPolicy;
  readonly signal: AbortSignal | undefined;
}

/** What is there belongs to another state of the file, or may do. */
export class Doubtful extends CheckpointError {
  constructor() {
    super("file-changed", CHANGED);
  }
}

export const CHANGED = "The file changed on its server in the middle of the download. Load it again.";

/**
 * Asks one address once for the file from byte `start` on, and yields what comes of it. It asks a little earlier, for
 * bytes that are there already: only where they are the same, the rest belongs to them. Ends without an error only when
 * everything came that the answer promised; that may be less than the file.
 * @param before bytes that stand right before `start`
 * @throws Interrupted, Unusable, CheckpointError, or NextTokenError "aborted"
 */
export async function* requestFrom(
  url: string,
  start: number,
  before: Uint8Array,
  facts: RemoteFacts,
  { fetch, policy, signal }: RequestOptions,
): AsyncGenerator<Uint8Array> {
  const watchdog = new Watchdog(signal);
  try {
    const from = facts.isWhole ? 0 : start - before.byteLength;
    const isPlain = from === 0 && (facts.isWhole || facts.hasFailed);
    const asked = fetch(url, {
      // A single plain range needs no permission from another site, and keeps servers from compressing.
      headers: isPlain ? {} : { Range: `bytes=${from}-` },
      signal: watchdog.signal,
      credentials: "same-origin", // a login protects its own site; no other site learns who asks
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
    const response = await answerTo(watchdog.watch(asked, policy.answerTimeout, "no answer came"));
    checkStatus(response, facts);
    const promised = promisedPart(response, from, facts);
    const chunks = readBody(response, watchdog, policy.stallTimeout);
    const { part, bytes } = await measuredPart(promised, chunks, response, url, facts);
    if (facts.size !== undefined && facts.size !== part.size)
      throw new OtherLength(`its file has ${part.size} bytes instead of ${facts.size}`);
    if (part.size === 0 || part.size < start) throw new OtherLength(`it has nothing from byte ${start} on`);
    const verdict = checkVersion(response, url, start, before, facts);
    if (start === part.size && part.begin < from) {
      // Nothing more is wanted, and the whole file comes because the server knows no ranges: its name has to do.
      if (verdict !== "same") throw new Doubtful();
      return;
    }
    yield* fresh(bytes, part, start, before, facts);
  } finally {
    watchdog.release();
  }
}

function checkStatus({ status, headers }: Response, facts: RemoteFacts): void {
  if (status === 200 || status === 206) return;
  const answer = `it answered ${status}`;
  if (status === 429 || status === 503) {
    const wait = retryAfter(headers.get("retry-after"), Date.now());
    throw new Interrupted(answer, "busy", wait);
  }
  if (status === 408 || status >= 500) throw new Interrupted(answer, "server-error");
  if (status === 416) {
    const size = /\/(\d+)\s*$/.exec(headers.get("content-range") ?? "")?.[1];
    if (size === undefined || Number(size) !== facts.size || facts.isWhole) throw new OtherLength(answer);
    facts.isWhole = true; // the file is as long as it was
    throw new Interrupted(answer, "server-error");
  }
  throw new Unusable(answer, refusals[status]);
}

const refusals: Readonly<Record<number, "sign-in" | "forbidden" | "not-found" | "gone">> = {
  401: "sign-in",
  403: "forbidden",
  404: "not-found",
  407: "sign-in",
  410: "gone",
  451: "forbidden",
};

/** Which bytes of the file the body holds: [begin, end) of `size`. */
interface Part {
  readonly begin: number;
  readonly end: number;
  readonly size: number;
  /** How much of it the answer claimed to hold, where the file itself says something else. */
  readonly claimed?: number | undefined;
}

/** What an answer says of the part that it holds, before a byte of it has come. */
interface Promised {
  readonly begin: number;
  readonly end?: number | undefined;
  readonly size?: number | undefined;
  /** The length may be that of compressed bytes, and the server does not let us see whether it is. */
  readonly isUncertain?: boolean;
}

/** A 206 must be the very part that was asked for; a 200 is the whole file from its start again. */
function promisedPart({ status, headers, type }: Response, from: number, facts: RemoteFacts): Promised {
  if (isCompressed(headers)) {
    facts.isWhole = true;
    if (status === 206 && from > 0) throw new Interrupted("it sends parts of a compressed file");
    return { begin: 0, end: facts.size, size: facts.size };
  }
  const range = /^bytes\s+(\d+)-(\d+)\/(\d+|\*)$/i.exec(headers.get("content-range")?.trim() ?? "");
  if (status === 206 && range) {
    const [first, last, total] = range.slice(1).map(Number) as [number, number, number];
    const size = Number.isNaN(total) ? facts.size : total;
    if (first !== from || last < first || (size !== undefined && last >= size))
      throw new Unusable("it sent other bytes than those asked for");
    return { begin: from, end: last + 1, size };
  }
  // Other sites may hide content-range from us; the length, never hidden, says the same.
  const length = headers.get("content-length");
  const begin = status === 206 ? from : 0;
  const size = length === null ? facts.size : begin + Number(length);
  return { begin, end: size, size, isUncertain: type === "cors" && begin === 0 && size !== facts.size };
}

const isCompressed = (headers: Headers) =>
  !["", "identity"].includes(headers.get("content-encoding")?.trim().toLowerCase() ?? "");

/** Completes what an answer promises by what the file says of itself, and looks at its first bytes. */
async function measuredPart(
  { begin, end, size, isUncertain }: Promised,
  chunks: AsyncGenerator<Uint8Array>,
  response: Response,
  url: string,
  facts: RemoteFacts,
): Promise<{ part: Part; bytes: AsyncGenerator<Uint8Array> }> {
  if (begin > 0) {
    if (size === undefined) throw new Unusable("it does not say how long the file is");
    return { part: { begin, end: end ?? size, size }, bytes: chunks };
  }
  if (size !== undefined && !isUncertain) {
    const { start, bytes } = await checkedStart(chunks, response, url);
    // A page that no rule knows is no other state of the file.
    if (facts.size !== undefined && facts.size !== size && !looksLikeSafetensors(start))
      throw new Unusable("it sent something else");
    return { part: { begin, end: end ?? size, size }, bytes };
  }
  const { length, bytes } = await measured(chunks, response, url, size);
  if (size !== undefined && size !== length) facts.isWhole = true;
  return { part: { begin, end: length, size: length, claimed: size }, bytes };
}

function checkVersion(
  { headers }: Response,
  url: string,
  start: number,
  before: Uint8Array,
  facts: RemoteFacts,
): ReturnType<typeof compareVersions> {
  const version = versionOf(headers);
  const name = copyName(url);
  const known = facts.versions.get(name) ?? [];
  const found = known.map((one) => compareVersions(one, version));
  const verdict = found.includes("same") ? "same" : found.includes("other") ? "other" : "unknown";
  const isCompared = before.byteLength === start && !(start === 0 && facts.hasKept);
  const isDoubtful =
    verdict === "other" || (verdict === "unknown" && before.byteLength > 0 && !isTelling(before));
  if (isDoubtful && !isCompared && !facts.hashed && !facts.hasDoubted) {
    facts.hasDoubted = true;
    throw new Doubtful();
  }
  if (verdict !== "same") facts.versions.set(name, [...known, version]);
  return verdict;
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

/** The bytes from `start` on, once those before it are what they were. */
async function* fresh(
  chunks: AsyncIterable<Uint8Array>,
  { begin, end, size, claimed }: Part,
  start: number,
  before: Uint8Array,
  facts: RemoteFacts,
): AsyncGenerator<Uint8Array> {
  let at = begin;
  for await (const chunk of chunks) {
    facts.size = size;
    if (at + chunk.byteLength > end) throw new Unusable("it sent more bytes than it promised");
    if (!isSameOverlap(chunk, at, start, before)) throw new CheckpointError("file-changed", CHANGED);
    const rest = chunk.subarray(Math.max(0, Math.min(start - at, chunk.byteLength)));
    at += chunk.byteLength;
    if (rest.byteLength > 0) yield rest;
  }
  if (at === end) return;
  if (at !== claimed) throw new Interrupted("the connection was cut");
  throw new CheckpointError(
    "offsets-past-end",
    `The file has ${at} bytes on its server, and its header describes ${end}: it is not whole there.`,
  );
}

/** Whether as much of `before`, which ends at `start`, as lies in this chunk, which begins at `at`, is the same there. */
function isSameOverlap(chunk: Uint8Array, at: number, start: number, before: Uint8Array): boolean {
  const first = start - before.byteLength;
  const from = Math.max(at, first);
  const to = Math.min(at + chunk.byteLength, start);
  for (let i = from; i < to; i++) if (chunk[i - at] !== before[i - first]) return false;
  return true;
}
