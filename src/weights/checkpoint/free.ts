/**
 * Frees the memory of a buffer at once, where the browser can, and not at the next garbage collection: the engine lets tens
 * of megabytes of dead buffers accumulate first, and a file's pieces arrive faster than that. Nothing may read the bytes
 * afterwards. Does nothing for a view of a part of a buffer.
 */
export function freeNow(bytes: Uint8Array): void {
  const buffer: ArrayBufferLike & { transfer?(bytes: number): ArrayBuffer } = bytes.buffer;
  if (bytes.byteLength === buffer.byteLength) buffer.transfer?.(0);
}
