import { CheckpointError } from "../checkpoint-error.ts";
import { claimedBytes, headerBytes, PREFIX_BYTES } from "../safetensors/header.ts";
import { checkFirstBytes, isGzip, SNIFF_BYTES } from "../sniff.ts";
import { pageInstead } from "./advice.ts";
import { Interrupted, Unusable } from "./failure.ts";

type Chunks = AsyncGenerator<Uint8Array>;

/**
 * The bytes again, once enough of them have come to see what kind of file they begin.
 * @throws CheckpointError where it is certainly no checkpoint
 */
export async function checkedStart(
  chunks: Chunks,
  response: Response,
  url: string,
): Promise<{ start: Uint8Array; bytes: Chunks }> {
  const start = await atLeast(SNIFF_BYTES, new Uint8Array(0), chunks);
  checkKind(start, response, url);
  return { start, bytes: joined(start, chunks) };
}

/**
 * The bytes again, and how long the file is by its own header: for an answer that does not say it, or may mean the
 * length of its compressed bytes. A cut is then noticed all the same. What begins as gzip says nothing, and was not
 * compressed once more on its way: then the answer means the file's own length.
 * @param claimed the length that the answer says
 * @throws CheckpointError where it is no checkpoint; Unusable where nobody says how long it is
 */
export async function measured(
  chunks: Chunks,
  response: Response,
  url: string,
  claimed: number | undefined,
): Promise<{ length: number; bytes: Chunks }> {
  const sniffed = await atLeast(SNIFF_BYTES, new Uint8Array(0), chunks);
  checkKind(sniffed, response, url);
  if (isGzip(sniffed)) {
    if (claimed === undefined) throw new Unusable("it does not say how long the file is");
    return { length: claimed, bytes: joined(sniffed, chunks) };
  }
  if (sniffed.byteLength < PREFIX_BYTES) throw new Interrupted("the connection was cut");
  const end = PREFIX_BYTES + headerBytes(sniffed, Number.MAX_SAFE_INTEGER);
  const start = await atLeast(end, sniffed, chunks);
  if (start.byteLength < end) throw new Interrupted("the connection was cut");
  return { length: claimedBytes(start.subarray(PREFIX_BYTES, end)), bytes: joined(start, chunks) };
}

/** `start`, and what comes after it until there are `length` bytes, or no more. */
async function atLeast(length: number, start: Uint8Array, chunks: Chunks): Promise<Uint8Array> {
  let longer = start;
  while (longer.byteLength < length) {
    const { done, value } = await chunks.next();
    if (done) break;
    const both = new Uint8Array(longer.byteLength + value.byteLength);
    both.set(longer);
    both.set(value, longer.byteLength);
    longer = both;
  }
  return longer;
}

async function* joined(start: Uint8Array, chunks: Chunks): Chunks {
  if (start.byteLength > 0) yield start;
  yield* chunks;
}

function checkKind(start: Uint8Array, response: Response, url: string): void {
  try {
    checkFirstBytes(start);
  } catch (error) {
    if (!(error instanceof CheckpointError && error.rule === "html-page")) throw error;
    throw new CheckpointError("html-page", pageInstead(error.message, url, response.url), { cause: error });
  }
}
