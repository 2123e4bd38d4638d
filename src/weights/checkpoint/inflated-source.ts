import { BlobSource } from "./blob-source.ts";
import { type ByteSource, isSliced } from "./byte-source.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import { isGzip } from "./sniff.ts";

/** What a compressed file may become: GPT-2 with 355 million parameters in f16 fits. A few kilobytes of gzip can say gigabytes. */
export const MOST_INFLATED = 1 << 30;

/**
 * The file itself; where it is compressed by gzip, what it is compressed from. That is inflated as it comes, once, and kept by
 * the browser, since nobody knows its size before its end.
 * @throws CheckpointError "gzip-broken" where it is damaged or cut, "gzip-too-large"; and what reading it can throw
 */
export async function inflatedSource(
  source: ByteSource,
  { signal, most = MOST_INFLATED }: { signal?: AbortSignal | undefined; most?: number } = {},
): Promise<ByteSource> {
  if (!isGzip(await firstBytes(source, signal))) return source;
  const inflated = await inflate(source, signal, most);
  const file = new BlobSource(inflated);
  if (isGzip(await file.read(0, Math.min(2, file.size))))
    throw new CheckpointError("gzip-broken", "The file is compressed by gzip twice. Unpack it once.");
  return Object.assign(file, {
    close: () => source.close?.() ?? Promise.resolve(),
    forget: () => source.forget?.() ?? Promise.resolve(),
  });
}

async function firstBytes(source: ByteSource, signal: AbortSignal | undefined): Promise<Uint8Array> {
  if (isSliced(source)) return source.read(0, Math.min(2, source.size));
  for await (const piece of source.pieces(signal)) return piece.slice(0, 2);
  return new Uint8Array(0);
}

async function inflate(source: ByteSource, signal: AbortSignal | undefined, most: number): Promise<Blob> {
  const pieces = source.pieces(signal)[Symbol.asyncIterator]();
  let readFailure: unknown;
  const compressed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value.slice()); // a piece is valid until the next is asked for
      } catch (error) {
        readFailure = error;
        controller.error(error);
      }
    },
    async cancel() {
      await pieces.return?.();
    },
  });
  const parts: Blob[] = [];
  let bytes = 0;
  const reader = compressed.pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Blob(parts);
      bytes += value.byteLength;
      if (bytes > most) throw tooLarge(most);
      parts.push(new Blob([value])); // the browser may put it on the disk
    }
  } catch (error) {
    await reader.cancel().catch(() => {});
    if (readFailure !== undefined) throw readFailure;
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError(
      "gzip-broken",
      "The file is compressed by gzip, and damaged or cut: it cannot be unpacked. Get it again.",
      { cause: error },
    );
  }
}

const tooLarge = (most: number) =>
  new CheckpointError(
    "gzip-too-large",
    `The file is compressed by gzip, and unpacked it has more than ${most / (1 << 20)} MiB. Unpack it, and choose the checkpoint in it.`,
  );
