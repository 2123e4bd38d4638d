import { CheckpointError } from "./checkpoint-error.ts";

/** How many of a file's first bytes `checkFirstBytes` wants to see, if it has so many. */
export const SNIFF_BYTES = 64;

const startsWith = (bytes: Uint8Array, text: string) =>
  bytes.byteLength >= text.length && [...text].every((char, i) => bytes[i] === char.charCodeAt(0));

/** What else a file called a checkpoint may turn out to be, and what to do then. */
const others: readonly { starts: readonly string[]; is: string; advice: string }[] = [
  {
    starts: ["PK\u0003\u0004", "\u0080\u0002", "\u0080\u0004"],
    is: "a PyTorch file (pickle)",
    advice: "Pickles can run code and are not opened here; take the model.safetensors of the same model.",
  },
  { starts: ["GGUF"], is: "a GGUF file", advice: "Take the model.safetensors of the same model." },
  { starts: ["\u001f\u008b"], is: "compressed (gzip)", advice: "Unpack it first." },
  {
    starts: ["\u0089HDF"],
    is: "a Keras file (HDF5)",
    advice: "Take the model.safetensors of the same model.",
  },
  { starts: ["{"], is: "a JSON file", advice: "Take the model.safetensors beside it." },
  { starts: ["%PDF"], is: "a PDF", advice: "Choose a model.safetensors." },
];

/** Whether a header may begin here: one of at most 1 MiB leaves bytes 3 to 7 of its length zero, and a brace follows. */
export const looksLikeSafetensors = (start: Uint8Array): boolean =>
  start[8] === 0x7b && start.subarray(3, 8).every((byte) => byte === 0);

/**
 * Recognises by its first bytes what is certainly no safetensors file. Servers answer with a page and status 200, and
 * repositories hold pointers to large files instead of the files.
 * @param start the first bytes of the file
 * @throws CheckpointError "html-page", "lfs-pointer" or "not-safetensors"
 */
export function checkFirstBytes(start: Uint8Array): void {
  if (looksLikeSafetensors(start)) return;
  const text = new TextDecoder("latin1").decode(start.subarray(0, SNIFF_BYTES)).trimStart();
  if (/^(<!doctype|<html|<head|<\?xml|<!--)/i.test(text))
    throw new CheckpointError(
      "html-page",
      "This is a web page, not a checkpoint. Use the address of the file itself (on huggingface.co the download link, with /resolve/ in it).",
    );
  if (text.startsWith("version https://git-lfs"))
    throw new CheckpointError(
      "lfs-pointer",
      "This is a Git LFS pointer, a note of where the checkpoint lies, not the checkpoint. Download the file itself, or run “git lfs pull”.",
    );
  for (const { starts, is, advice } of others)
    if (starts.some((prefix) => startsWith(start, prefix)))
      throw new CheckpointError(
        "not-safetensors",
        `This is no safetensors checkpoint: the file is ${is}. ${advice}`,
      );
}
