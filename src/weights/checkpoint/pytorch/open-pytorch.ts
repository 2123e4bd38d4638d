import type { Progress } from "../../../config.ts";
import type { SlicedSource } from "../byte-source.ts";
import { CheckpointError, quote } from "../checkpoint-error.ts";
import type { OpenedTensors } from "../opened-tensors.ts";
import { type ArchiveEntry, bytesOf, readArchive } from "./archive.ts";
import { broken, SAVE_WEIGHTS } from "./broken.ts";
import { locateTensors } from "./locate.ts";
import { MAX_PICKLE_BYTES, readPickle } from "./pickle-reader.ts";
import { findStateDict } from "./state-dict.ts";
import { ViewReader } from "./view-reader.ts";

type Archive = ReadonlyMap<string, ArchiveEntry>;

/**
 * Reads which tensors a file of `torch.save` holds: its list of contents and its pickle, and nothing of the tensors.
 * Checksums are not compared, since PyTorch can be told to write none.
 * @returns undefined for a ZIP that is none of PyTorch's
 * @throws CheckpointError where it is broken, or wants more than weights to be read
 */
export async function openPyTorch(
  source: SlicedSource,
  onProgress?: (progress: Progress) => void,
): Promise<OpenedTensors | undefined> {
  const archive = await readArchive(source);
  const pickle = [...archive.values()].filter(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  const [found] = pickle;
  if (!found || pickle.length > 1) return undefined;
  const folder = found.name.slice(0, -"data.pkl".length);
  refuseProgram(archive, folder);
  await refuseBigEndian(source, archive.get(`${folder}byteorder`));
  if (found.bytes > MAX_PICKLE_BYTES)
    throw new CheckpointError(
      "pickle-too-large",
      `The file's list of tensors (data.pkl) has ${found.bytes} bytes; at most 4 MiB are read. ${SAVE_WEIGHTS}`,
    );
  const begin = await bytesOf(source, found);
  const { tensors, notes } = findStateDict(readPickle(await source.read(begin, begin + found.bytes)));
  const located = await locateTensors(tensors, (key) => archive.get(`${folder}data/${key}`), source);
  const bytes = located.at(-1)?.entry.end ?? 0;
  return {
    tensors: located.map(({ entry }) => entry),
    notes,
    bytes,
    reader: (signal) => new ViewReader(source, located, onProgress, signal),
  };
}

function refuseProgram(archive: Archive, folder: string): void {
  if (archive.has(`${folder}constants.pkl`))
    throw new CheckpointError(
      "pickle-code",
      `The file is a program with its weights (torch.jit.save), and only weights are read here. ${SAVE_WEIGHTS}`,
    );
}

/** Newer versions of PyTorch say which end of a number comes first; older ones knew only the one. */
async function refuseBigEndian(source: SlicedSource, entry: ArchiveEntry | undefined): Promise<void> {
  if (!entry) return;
  if (entry.bytes > 16) throw broken("big-endian", "What the file says of its order of bytes is no word.");
  const begin = await bytesOf(source, entry);
  const order = new TextDecoder().decode(await source.read(begin, begin + entry.bytes));
  if (order !== "little")
    throw new CheckpointError(
      "big-endian",
      `The file's numbers are stored in the order of bytes ${quote(order)}; only “little” is read. Save it again on a usual computer: torch.save(torch.load("model.pth"), "model.pth").`,
    );
}
