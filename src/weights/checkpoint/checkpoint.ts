import { throwIfAborted } from "../../abort.ts";
import type { GPTConfig } from "../../config.ts";
import { nextTask } from "../../next-task.ts";
import { sizeOf } from "../parameters.ts";
import type { WeightChunk, WeightSource } from "../weight-source.ts";
import { BlobSource } from "./blob-source.ts";
import type { ByteSource } from "./byte-source.ts";
import type { ConfigHints } from "./checkpoint-config.ts";
import { CheckpointError, type CheckpointRule } from "./checkpoint-error.ts";
import { type CheckpointPlan, planCheckpoint } from "./checkpoint-layout.ts";
import { inflatedSource } from "./inflated-source.ts";
import { readModelConfig } from "./model-config-file.ts";
import { openTensors } from "./open-tensors.ts";
import type { OpenedTensors } from "./opened-tensors.ts";
import { type PublishedModel, publishedAs } from "./published-models.ts";
import { absolute, openAddress } from "./remote-checkpoint.ts";
import type { RemoteOptions } from "./remote-source.ts";
import { streamTensors } from "./tensor-stream.ts";
import { readVocabulary, vocabularyNote } from "./vocabulary.ts";
import { vocabularyBeside } from "./vocabulary-beside.ts";

/** The weights of a GPT-2's checkpoint. */
export interface CheckpointWeights extends WeightSource {
  /** Whether the head is the token embedding. Then "out_head.weight" gets no chunks: it has the values of "tok_emb.weight". */
  readonly tied: boolean;
  /** Sentences to show: what was assumed, what was left out, what the browser could not store. */
  readonly notes: readonly string[];
  /**
   * The published model with these bytes, by their SHA-256; undefined until `chunks` has ended, and where there is none. Only
   * a published model has a known answer, and only that shows whether a square matrix is stored transposed: without one,
   * the layout is unverified.
   */
  readonly published: PublishedModel | undefined;
}

export interface CheckpointOptions
  extends Pick<RemoteOptions, "fetch" | "policy" | "onNote" | "onProgress" | "avoid"> {
  /** Settings that the file does not have, or that the caller overrides: `n_heads`, `drop_rate`. Other keys must agree with it. */
  readonly config?: Partial<GPTConfig> | undefined;
  /** The `config.json` of a file that the user chose. Of an address it is looked for beside the file. */
  readonly configFile?: Blob | undefined;
  /** The `vocab.json` of a file that the user chose: whose tokens the model has. */
  readonly vocabularyFile?: Blob | undefined;
  /** Whether `config.json` and `vocab.json` are looked for beside an address. Default true; false where `config` says it all. */
  readonly looksBeside?: boolean | undefined;
  /** Addresses of the same file that are tried before its own, unless they are to be avoided: the course site's copy. */
  readonly mirrors?: readonly string[] | undefined;
  /** Aborts opening; `chunks` takes a signal of its own. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a checkpoint, of safetensors or `torch.save`, compressed by gzip or not: reads its header and config, but not yet its weights, which `chunks` reads.
 * @param source an address, absolute or relative to the page, or a file that the user chose
 * @throws CheckpointError where the file is broken or holds no GPT-2; NextTokenError "download-failed",
 * "file-unreadable", "bad-config", "bad-option" (no such address), "aborted"
 */
export async function checkpointWeights(
  source: string | Blob,
  options: CheckpointOptions = {},
): Promise<CheckpointWeights> {
  const notes: string[] = [];
  const onNote = (note: string) => {
    notes.push(note);
    options.onNote?.(note);
  };
  const {
    bytes,
    hints,
    forgetConfig,
  }: { bytes: ByteSource; hints: ConfigHints; forgetConfig?: (() => Promise<void>) | undefined } =
    typeof source === "string"
      ? await openAddress(source, { ...options, onNote })
      : {
          bytes: new BlobSource(source, options.onProgress),
          hints: {
            config: options.config,
            configFile: options.configFile && (await readModelConfig(options.configFile)),
          },
        };
  const vocabulary = vocabularyOf(source, options);
  vocabulary.catch(() => {}); // thrown below
  try {
    const file = await inflatedSource(bytes, options);
    const opened = await openTensors(file, options);
    opened.notes.forEach(onNote);
    const plan = planCheckpoint(opened.tensors, hints);
    plan.notes.forEach(onNote);
    const ownTokens = await vocabularyNote(await vocabulary);
    if (ownTokens) onNote(ownTokens);
    return new StreamedCheckpoint(file, opened, plan, notes);
  } catch (error) {
    await bytes.close?.();
    await forgetBroken(bytes, error);
    if (error instanceof CheckpointError && OF_THE_CONFIG.includes(error.rule)) await forgetConfig?.();
    throw error;
  }
}

/** The text of the `vocab.json` that belongs to the checkpoint; "" where there is none. */
async function vocabularyOf(source: string | Blob, options: CheckpointOptions): Promise<string> {
  if (typeof source === "string")
    return options.looksBeside === false ? "" : vocabularyBeside(absolute(source), options);
  return options.vocabularyFile ? readVocabulary(options.vocabularyFile) : "";
}

/** Errors that another `config.json` for the same bytes could fix. */
const OF_THE_CONFIG: readonly CheckpointRule[] = ["heads-unknown", "config-mismatch", "config-unsupported"];

/** Errors that do not discredit the stored bytes. The first three are about a response that is never stored. */
const NOT_OF_THE_BYTES: readonly CheckpointRule[] = [
  "html-page",
  "lfs-pointer",
  "not-safetensors",
  "file-cut",
  ...OF_THE_CONFIG,
];

/** Bytes that are no checkpoint may have been damaged in transit: they are deleted, or the cache would return them for ever. */
async function forgetBroken(bytes: ByteSource, error: unknown): Promise<void> {
  if (error instanceof CheckpointError && !NOT_OF_THE_BYTES.includes(error.rule)) await bytes.forget?.();
}

class StreamedCheckpoint implements CheckpointWeights {
  readonly config: GPTConfig;
  readonly tied: boolean;
  readonly notes: readonly string[];
  readonly totalBytes: number;
  readonly tellsProgress = true;
  #bytes: ByteSource;
  #opened: OpenedTensors;
  #plan: CheckpointPlan;

  constructor(bytes: ByteSource, opened: OpenedTensors, plan: CheckpointPlan, notes: readonly string[]) {
    this.#bytes = bytes;
    this.#opened = opened;
    this.#plan = plan;
    this.config = plan.config;
    this.tied = plan.tied;
    this.notes = notes;
    const shapes = [
      ...plan.placements.map(({ entry }) => entry.shape),
      ...plan.zeros.map(({ shape }) => shape),
    ];
    const values = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
    this.totalBytes = values * Float32Array.BYTES_PER_ELEMENT;
  }

  get published(): PublishedModel | undefined {
    return publishedAs(this.#bytes.sha256);
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<WeightChunk> {
    const reader = this.#opened.reader(signal);
    try {
      for await (const chunk of streamTensors(this.#plan.placements, reader, this.#opened.bytes)) {
        throwIfAborted(signal);
        yield chunk;
        await nextTask(); // a piece may hold several chunks: the page handles its events between them
      }
      await reader.end();
      for (const { name, shape } of this.#plan.zeros)
        yield { name, shape, offset: 0, data: new Float32Array(sizeOf(shape)) };
    } catch (error) {
      await forgetBroken(this.#bytes, error);
      throw error;
    } finally {
      await reader.close();
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#bytes.close?.();
  }
}
