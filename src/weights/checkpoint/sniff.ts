import { CheckpointError } from "./checkpoint-error.ts";
import { SAVE_WEIGHTS } from "./pytorch/broken.ts";

/** How many of a file's first bytes `checkFirstBytes` wants to see, if it has so many. */
export const SNIFF_BYTES = 64;

const ANOTHER = "Take the model.safetensors of the same model.";
const HERE =
  'At an address only safetensors is read. Download it and choose it here as a file, or save it in Python as safetensors: from safetensors.torch import save_file; save_file(model.state_dict(), "model.safetensors"), or save_model(model, "model.safetensors") where head and embedding are one.';
const AGAIN =
  'Save it again in Python, with PyTorch 1.6 or later: torch.save(torch.load("model.pth", map_location="cpu"), "model.pth").';
const UNPACK = "Unpack it, and choose the model.safetensors in it.";

/** Whether a file that starts so is compressed by gzip. */
export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b;

interface OtherKind {
  readonly starts: readonly string[];
  /** Where several kinds start alike: what one of them has among its first bytes. */
  readonly holds?: RegExp;
  readonly is: string;
  readonly advice: string;
}

/** Other kinds of files that are called checkpoints, and what to do with each; the first that fits is reported. */
const others: readonly OtherKind[] = [
  {
    starts: ["PK\u0003\u0004"],
    holds: /data\.pkl|\.format_version/,
    is: "a PyTorch file (torch.save)",
    advice: HERE,
  },
  { starts: ["PK\u0003\u0004"], holds: /\.npy/, is: "a NumPy archive", advice: ANOTHER },
  {
    starts: ["PK\u0003\u0004", "PK\u0005\u0006"],
    is: "a ZIP archive",
    advice: `If torch.save wrote it: ${HERE} Otherwise unpack it, and choose the checkpoint in it.`,
  },
  {
    starts: ["\u0080\u0002\u008a\u000al\u00fc\u009cF\u00f9 j\u00a8P\u0019"],
    is: "a PyTorch file of the format before 1.6",
    advice: AGAIN,
  },
  {
    starts: ["\u0080\u0002", "\u0080\u0003", "\u0080\u0004", "\u0080\u0005"],
    is: "a Python pickle",
    advice: SAVE_WEIGHTS,
  },
  { starts: ["GGUF"], is: "a GGUF file", advice: ANOTHER },
  { starts: ["lmgg", "fmgg", "tjgg", "algg"], is: "a GGML file", advice: ANOTHER },
  { starts: ["\u0008"], holds: /pytorch|onnx/i, is: "an ONNX file", advice: ANOTHER },
  { starts: ["\u0008\u0001\u0012"], is: "a TensorFlow model", advice: ANOTHER },
  { starts: ["\u0089HDF"], is: "a Keras file (HDF5)", advice: ANOTHER },
  { starts: ["\u0093NUMPY"], is: "a NumPy array", advice: ANOTHER },
  {
    starts: ["BZh", "\u00fd7zXZ", "\u0028\u00b5\u002f\u00fd", "7z\u00bc\u00af", "Rar!"],
    is: "compressed",
    advice: UNPACK,
  },
  { starts: ["{"], is: "a JSON file", advice: "Take the model.safetensors beside it." },
  { starts: ["%PDF"], is: "a PDF", advice: "Choose a model.safetensors." },
];

/** Whether a ZIP begins here, as files of `torch.save` are. */
export const looksLikeZip = (start: Uint8Array): boolean =>
  start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4;

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
  const bytes = String.fromCharCode(...start.subarray(0, SNIFF_BYTES));
  for (const { starts, holds, is, advice } of others)
    if (starts.some((prefix) => bytes.startsWith(prefix)) && (holds?.test(bytes) ?? true))
      throw new CheckpointError(
        "not-safetensors",
        `This is no checkpoint that can be read here: the file is ${is}. ${advice}`,
      );
}
