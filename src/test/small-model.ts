import type { GPTConfig, HeadOfLayer } from "../config.ts";
import { ModelHandle, type ModelOptions } from "../runtime/model-handle.ts";
import { fixtureFile } from "./fixture-file.ts";

// The small model that ships, small-model/, and what PyTorch answers with it, as tools/train/parity.py wrote it.

/** What PyTorch answers to a prompt. */
interface Answer {
  /** Rows of logits in base64: one for each token of tokens.json, and one that all others share. */
  logits: string;
  /** What the notebook's loop appends, and at each step how far the best logit is above the second. */
  ids: number[];
  margins: number[];
}

/** A held-out task, and what PyTorch answers to it. */
export interface AnsweredTask {
  ids: number[];
  answer: number;
  found: number;
  margin: number;
}

interface Parity {
  prompts: { name: string; ids: number[]; positions: "all" | "last" }[];
  /** By its name, each file's answer to each prompt. */
  files: Record<string, { sha256: string; answers: Answer[] }>;
  /** Before training every token has a row of its own: of the last position's logits every so many are here. */
  untrained: {
    every: number;
    prompts: { sampled: string; best: number; max: number; margin: number; logsumexp: number }[];
  };
  /** Logits at the end of the first prompt, without some heads. */
  without_heads: { file: string; answers: { ablate: HeadOfLayer[]; logits: string }[] };
  tasks: { file: string; kinds: Record<string, AnsweredTask[]> };
}

interface TrainingRecord {
  settings: { seed: number; model: GPTConfig };
  snapshots: { step: number; file?: string }[];
}

const written = import.meta.glob("../../small-model/{parity,record,tokens}.json", {
  eager: true,
  import: "default",
});
const addresses = import.meta.glob<string>("../../small-model/*.{gz,json}", {
  eager: true,
  import: "default",
  query: "?url",
});

/** What there is of one of the small model's files. Without it nothing is compared, and a test must not pass. */
function found<T>(files: Record<string, unknown>, name: string): T {
  const file = files[`../../small-model/${name}`];
  if (file !== undefined) return file as T;
  throw new Error(
    `small-model/${name} is not there. docs/small-model.md says how it is made, under “Make it again” and “How it is checked”.`,
  );
}

export const parity: Parity = found(written, "parity.json");
const { settings, snapshots }: TrainingRecord = found(written, "record.json");
export const { model: smallConfig, seed: smallSeed } = settings;

/** The files that ship, from the first steps of training to the last. */
export const smallFiles: string[] = snapshots.flatMap(({ file }) => file ?? []);

/** What PyTorch answers with a file. */
export function answersOf(file: string): Answer[] {
  const known = parity.files[file];
  if (known) return known.answers;
  throw new Error(`small-model/parity.json says nothing of ${file}: run tools/train/parity.py again.`);
}

/** A file that ships, opened as the page opens it. */
export async function openSmall(file: string, options: ModelOptions = {}): Promise<ModelHandle> {
  const [checkpoint, configFile] = await Promise.all(
    [file, "config.json"].map((name) => fixtureFile(found(addresses, name))),
  );
  return ModelHandle.fromCheckpoint(checkpoint!, { configFile, ...options });
}

/** Numbers that tools/train/parity.py wrote in base64. */
export const floatsOf = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);

const used: number[] = found(written, "tokens.json");
const { vocab_size } = smallConfig;
const rowOf = new Uint32Array(vocab_size).fill(used.length);
for (const [row, id] of used.entries()) rowOf[id] = row;

/** The ids of tokens that never occur in what the model has read. */
export const unusedIds: number[] = [...rowOf.keys()].filter((id) => rowOf[id] === used.length);

/** PyTorch's logits over the whole vocabulary, [rows, vocab_size]. */
export function wholeLogits({ logits }: Pick<Answer, "logits">): Float32Array {
  const written = floatsOf(logits);
  const width = used.length + 1;
  return Float32Array.from(
    { length: (written.length / width) * vocab_size },
    (_, i) => written[Math.floor(i / vocab_size) * width + rowOf[i % vocab_size]!]!,
  );
}
