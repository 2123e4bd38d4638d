import { ByteReader, type ByteSource } from "./byte-source.ts";
import { headerBytes, PREFIX_BYTES, parseHeader, type TensorEntry } from "./safetensors/header.ts";
import { checkFirstBytes, SNIFF_BYTES } from "./sniff.ts";

/**
 * Reads which tensors a file says it holds, in the order of their bytes, and no more of it than that takes.
 * @throws CheckpointError where it is no safetensors file, or a broken one
 */
export async function readHeader(source: ByteSource, signal?: AbortSignal): Promise<TensorEntry[]> {
  const reader = new ByteReader(source.pieces(signal));
  try {
    const start = new Uint8Array(Math.min(SNIFF_BYTES, source.size));
    await reader.readInto(start);
    checkFirstBytes(start);
    const header = new Uint8Array(headerBytes(start, source.size));
    const known = start.subarray(PREFIX_BYTES, PREFIX_BYTES + header.byteLength);
    header.set(known);
    await reader.readInto(header.subarray(known.byteLength));
    return parseHeader(header, source.size);
  } finally {
    await reader.close();
  }
}
