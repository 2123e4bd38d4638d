import { throwIfAborted } from "../../abort.ts";
import type { Progress } from "../../config.ts";
import { ByteReader, type ByteSource, isSliced } from "./byte-source.ts";
import type { OpenedTensors } from "./opened-tensors.ts";
import { openPyTorch } from "./pytorch/open-pytorch.ts";
import { readHeader } from "./read-header.ts";
import { looksLikeZip } from "./sniff.ts";

/**
 * Reads which tensors a checkpoint holds: a safetensors file, or one of `torch.save` where any part of it can be read at
 * once, as of a file on this computer.
 * @throws CheckpointError where it is neither, or a broken one
 */
export async function openTensors(
  source: ByteSource,
  {
    signal,
    onProgress,
  }: { signal?: AbortSignal | undefined; onProgress?: ((progress: Progress) => void) | undefined } = {},
): Promise<OpenedTensors> {
  throwIfAborted(signal);
  if (isSliced(source) && looksLikeZip(await source.read(0, Math.min(4, source.size)))) {
    const opened = await openPyTorch(source, onProgress);
    if (opened) return opened;
  }
  return {
    tensors: await readHeader(source, signal),
    bytes: source.size,
    notes: [],
    reader: (signal) => new ByteReader(source.pieces(signal)),
  };
}
