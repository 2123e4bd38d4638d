/**
 * Gives the memory of a buffer back at once, where the browser can, instead of at the next garbage collection. The
 * engine lets tens of megabytes of dead buffers gather before it collects; a file's pieces come faster than that.
 * Nothing may look at the bytes afterwards. A view of a part of a buffer is left alone.
 */
export function freeNow(bytes: Uint8Array): void {
  const buffer: ArrayBufferLike & { transfer?(bytes: number): ArrayBuffer } = bytes.buffer;
  if (bytes.byteLength === buffer.byteLength) buffer.transfer?.(0);
}
