import { throwIfAborted } from "../abort.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import type { ReadbackRing } from "../device/readback-ring.ts";
import type { Recording } from "../device/recording.ts";
import { argmax } from "../kernels/argmax.ts";
import type { TunedKernels } from "../kernels/autotune/tuned-kernels.ts";
import { splitsFor } from "../kernels/flash-decoding.ts";
import {
  type LogitSummary,
  logitMoments,
  logitSummary,
  momentsOf,
  readSummaries,
  SUMMARY_WORDS,
} from "../kernels/logit-summary.ts";
import {
  blockBytes,
  blocksOf,
  CANDIDATE_WORDS,
  MAX_MERGED_K,
  topK,
  topKBlocks,
  topKMerge,
} from "../kernels/top-k.ts";
import { KVCache } from "../pass/kv-cache.ts";
import type { AblatedHeads, Pass } from "../pass/pass.ts";
import { submissionCuts } from "../pass/submissions.ts";
import { Workspace } from "../pass/workspace.ts";
import { type Candidate, readCandidates } from "./candidates.ts";
import type { Runnable } from "./runnable.ts";

/** What one forward pass chose: for each row the id of the largest logit, and the k best candidates. */
export interface StepResult {
  ids: number[];
  top: Candidate[][];
  /** For each row what the logits of its last position look like, where it was asked for. */
  summary?: LogitSummary[];
  /** For each row all logits of its last position, [vocab_size], where they were asked for. */
  logits?: Float32Array[];
}

export interface DecodeOptions {
  /** Rows generated side by side. */
  batch: number;
  /** Tokens that the KV cache can hold. */
  capacity: number;
  /** Candidates to report a row; 0 for none. */
  topK: number;
  /** Summarize the logits, too. */
  summary?: boolean;
  /** Read the logits back, too. */
  logits?: boolean;
  /** Heads that are taken away, in prefill and decode alike: what the cache holds is of the model without them. */
  ablated?: AblatedHeads | undefined;
}

export interface PrefillOptions {
  /** Stops a long prefill before its next part, with a `NextTokenError("aborted")`. */
  signal?: AbortSignal | undefined;
  /** Called with the share of a long prefill that is done, 0 to 1, where the device does not take all of it at once. */
  onProgress?: ((share: number) => void) | undefined;
}

const STOPPED = "Reading the text was stopped.";

/** Steps that may be in flight at once. */
export const STEPS_IN_FLIGHT = 32;

/**
 * What continuing a batch of texts needs: its KV cache, its activations and its two recordings. `prefill` reads a whole
 * context; `next` feeds the tokens chosen last, which are still on the GPU, and creates nothing.
 */
export class DecodeContext {
  readonly #model: Runnable;
  /** As they were when it was opened: its buffers are made for them. */
  readonly #kernels: TunedKernels;
  readonly #ablated: AblatedHeads | undefined;
  readonly #batch: number;
  readonly #k: number;
  /** Logits read back at each step. */
  readonly #logits: number;
  readonly #cache: KVCache;
  readonly #prefill: Recording;
  readonly #decode: Recording;
  readonly #ring: ReadbackRing;
  /** u32 [batch], and [batch, k, CANDIDATE_WORDS]. */
  readonly #chosen: DeviceBuffer;
  readonly #top: DeviceBuffer;
  /** The best of each block of the vocabulary, where a row is searched by more than one workgroup. */
  readonly #blocks: { candidates: DeviceBuffer; sums: DeviceBuffer } | undefined;
  /** [batch, SUMMARY_WORDS], and what leads to it, where the logits are summarized. */
  readonly #summary: { moments: DeviceBuffer; summary: DeviceBuffer } | undefined;
  #workspace: Workspace;
  #cache_len = 0;
  /** Settles when the decode step is compiled; undefined before a prefill has recorded it. */
  #decodePrepared: Promise<void> | undefined;
  #pending = new Set<Promise<unknown>>();

  private constructor(model: Runnable, options: DecodeOptions) {
    const { batch, capacity, topK: k, summary, logits, ablated } = options;
    const { device, config } = model;
    this.#model = model;
    this.#kernels = model.kernels;
    this.#ablated = ablated;
    this.#batch = batch;
    this.#k = Math.min(k, config.vocab_size);
    this.#logits = logits ? batch * config.vocab_size : 0;
    this.#cache = new KVCache(device, config, batch, capacity);
    this.#workspace = this.#createWorkspace(batch);
    this.#prefill = device.createRecording("prefill");
    this.#decode = device.createRecording("decode");
    this.#chosen = device.createStorage("chosen", batch * 4);
    this.#top = device.createStorage("top", batch * this.#searched * CANDIDATE_WORDS * 4);
    this.#blocks = this.#createBlocks();
    this.#summary = summary ? this.#createSummary() : undefined;
    const words = batch * (1 + this.#k * CANDIDATE_WORDS) + this.#summaryWords + this.#logits;
    this.#ring = device.createReadbackRing("choice", words * 4, STEPS_IN_FLIGHT);
  }

  /** Allocates in error scopes: throws `out-of-memory`, `limits-too-small`. The caller destroys it. */
  static open(model: Runnable, options: DecodeOptions): Promise<DecodeContext> {
    return model.device.scoped(() => new DecodeContext(model, options));
  }

  /** The dispatches of one decode step: for profiling and for the page. */
  get decodeRecording(): Recording {
    return this.#decode;
  }

  /** The dispatches of the last prefill. */
  get prefillRecording(): Recording {
    return this.#prefill;
  }

  /** Reads rows of token ids, equally long and no longer than the capacity, from position 0 on. */
  async prefill(
    idx: readonly (readonly number[])[],
    { signal, onProgress }: PrefillOptions = {},
  ): Promise<StepResult> {
    const { device, config } = this.#model;
    const num_tokens = idx[0]!.length;
    const rows = this.#batch * num_tokens;
    if (this.#workspace.rows < rows) {
      await this.#settled();
      this.#workspace.destroy();
      // Twice what is needed, so that a context that grows token by token does not allocate each time.
      const wanted = Math.min(2 * rows, this.#batch * this.#cache.capacity);
      const capacity = Math.max(rows, Math.min(wanted, Workspace.mostRows(device, config)));
      this.#workspace = await device.scoped(() => this.#createWorkspace(capacity));
      this.#prefill.destroy();
      this.#decode.destroy();
      this.#decodePrepared = undefined;
    }
    this.#record(this.#prefill, num_tokens, this.#workspace.idx);
    await this.#prefill.prepare();
    device.write(this.#workspace.idx, 0, new Uint32Array(idx.flat()));
    this.#cache_len = 0;
    const cache_len = this.#append(num_tokens);
    this.#cache.setLength(cache_len);
    const choice = this.#track(this.#submitInParts(this.#prefill, { signal, onProgress }));
    if (!this.#decodePrepared) {
      this.#record(this.#decode, 1, this.#chosen);
      // Compiled while the GPU is busy with the prefill; only the second token waits for it.
      this.#decodePrepared = this.#track(this.#decode.prepare());
    }
    return choice;
  }

  /** Feeds the ids chosen last, or `ids` [batch] in their place. Up to STEPS_IN_FLIGHT calls may be pending at once. */
  next(ids?: readonly number[]): Promise<StepResult> {
    return this.#track(this.#next(this.#append(1), ids));
  }

  async #next(cache_len: number, ids: readonly number[] | undefined): Promise<StepResult> {
    await this.#decodePrepared;
    if (ids) this.#model.device.write(this.#chosen, 0, new Uint32Array(ids));
    this.#cache.setLength(cache_len);
    return this.#submit(this.#decode);
  }

  /** How many tokens the cache holds before so many are appended. */
  #append(num_tokens: number): number {
    const cache_len = this.#cache_len;
    this.#cache_len += num_tokens;
    return cache_len;
  }

  /**
   * Continues as if the cache held `cache_len` tokens. Its keys and values, and so the ids, are then arbitrary: for the
   * benchmark, because a step takes as long with any values.
   */
  pretendLength(cache_len: number): void {
    this.#cache_len = cache_len;
  }

  /** Waits for the steps in flight, then frees everything. */
  async destroy(): Promise<void> {
    await this.#settled();
    const { device } = this.#model;
    for (const owner of [this.#cache, this.#workspace, this.#prefill, this.#decode, this.#ring])
      owner.destroy();
    device.destroyBuffer(this.#chosen);
    device.destroyBuffer(this.#top);
    for (const buffer of Object.values({ ...this.#blocks, ...this.#summary })) device.destroyBuffer(buffer);
  }

  /** Candidates that are searched for: at least the one that is chosen. */
  get #searched(): number {
    return Math.max(1, this.#k);
  }

  /** Undefined where one workgroup searches a row: on software adapters, and for many candidates. */
  #createBlocks(): { candidates: DeviceBuffer; sums: DeviceBuffer } | undefined {
    const { device, config } = this.#model;
    if (this.#kernels.attention !== "tile" || this.#searched > MAX_MERGED_K) return undefined;
    const blocks = this.#batch * blocksOf(config.vocab_size);
    return {
      candidates: device.createStorage("candidates", blocks * blockBytes(this.#searched)),
      sums: device.createStorage("sums", blocks * 4),
    };
  }

  #createSummary(): { moments: DeviceBuffer; summary: DeviceBuffer } {
    const { device, config } = this.#model;
    return {
      moments: device.createStorage("moments", this.#batch * momentsOf(config.vocab_size) * 4),
      summary: device.createStorage("summary", this.#batch * SUMMARY_WORDS * 4),
    };
  }

  get #summaryWords(): number {
    return this.#summary ? this.#batch * SUMMARY_WORDS : 0;
  }

  #createWorkspace(rows: number): Workspace {
    const { device, config } = this.#model;
    const splitRows = this.#batch * splitsFor(this.#cache.capacity);
    return new Workspace(device, config, rows, this.#batch, splitRows);
  }

  #record(recording: Recording, num_tokens: number, in_idx: DeviceBuffer): void {
    recording.clear();
    const { device, network, mask } = this.#model;
    const batch = this.#batch;
    const pass: Pass = {
      device: device,
      recording,
      workspace: this.#workspace,
      cache: this.#cache,
      batch,
      num_tokens,
      mask,
      kernels: this.#kernels,
      ablated: this.#ablated,
    };
    const lastRows = { rows: batch, first: num_tokens - 1, stride: num_tokens };
    const logits = network.forward(pass, in_idx, lastRows);
    this.#choose(recording, logits);
    if (this.#summary) this.#summarize(recording, { logits, ...this.#summary });
  }

  /** The last kernels of a pass: softmax's k best, or the largest logit alone. */
  #choose(recording: Recording, logits: DeviceBuffer): void {
    const { vocab_size } = this.#model.config;
    const dims = { num_rows: this.#batch, vocab_size };
    const [top, chosen] = [this.#top, this.#chosen];
    if (this.#blocks) {
      const k = this.#searched;
      recording.add(topKBlocks, { logits, ...this.#blocks }, { ...dims, k });
      const num_blocks = blocksOf(vocab_size);
      recording.add(topKMerge, { ...this.#blocks, top, chosen }, { ...dims, k, num_blocks });
    } else if (this.#k > 0) recording.add(topK, { logits, top, chosen }, { ...dims, k: this.#k });
    else recording.add(argmax, { logits, chosen }, dims);
  }

  #summarize(recording: Recording, buffers: Record<"logits" | "moments" | "summary", DeviceBuffer>): void {
    const dims = { num_rows: this.#batch, vocab_size: this.#model.config.vocab_size };
    recording.add(logitMoments, buffers, dims);
    recording.add(logitSummary, buffers, dims);
  }

  /** Submits a long recording part by part, each once the device wants more; between two of them it can be stopped. */
  async #submitInParts(recording: Recording, { signal, onProgress }: PrefillOptions): Promise<StepResult> {
    const { device } = this.#model;
    const cuts = submissionCuts(recording.dispatches);
    const all = recording.dispatches.length;
    let first = 0;
    for (const end of cuts) {
      recording.run(first, end);
      first = end;
      await device.readyForMore();
      throwIfAborted(signal, STOPPED);
      onProgress?.(first / all);
    }
    return this.#submit(recording, first);
  }

  /** Submits a recording, from its dispatch number `first` on, together with what is read back. */
  async #submit(recording: Recording, first = 0): Promise<StepResult> {
    this.#model.check();
    const batch = this.#batch;
    const result = this.#ring.runAndRead(recording, first, [
      { buffer: this.#chosen, bytes: batch * 4 },
      { buffer: this.#top, bytes: batch * this.#k * CANDIDATE_WORDS * 4 },
      ...(this.#summary ? [{ buffer: this.#summary.summary, bytes: this.#summaryWords * 4 }] : []),
      { buffer: this.#workspace.logits, bytes: this.#logits * 4 },
    ]);
    if (!result) throw new Error(`More than ${STEPS_IN_FLIGHT} steps are on their way.`);
    return this.#choice(await result);
  }

  /** Makes `#settled` wait for it, too. */
  #track<T>(work: Promise<T>): Promise<T> {
    const settled: Promise<unknown> = work.then(
      () => this.#pending.delete(settled),
      () => this.#pending.delete(settled),
    );
    this.#pending.add(settled);
    return work;
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #choice(bytes: ArrayBuffer): StepResult {
    const words = new Uint32Array(bytes);
    const floats = new Float32Array(bytes);
    const { vocab_size } = this.#model.config;
    const firstSummary = this.#batch * (1 + CANDIDATE_WORDS * this.#k);
    const firstLogit = firstSummary + this.#summaryWords;
    const logitsOf = (row: number) =>
      floats.subarray(firstLogit + row * vocab_size, firstLogit + (row + 1) * vocab_size);
    return {
      ids: [...words.subarray(0, this.#batch)],
      top: readCandidates(bytes, this.#batch, this.#batch, this.#k),
      ...(this.#summary ? { summary: readSummaries(bytes, firstSummary, this.#batch) } : {}),
      ...(this.#logits > 0 ? { logits: Array.from({ length: this.#batch }, (_, row) => logitsOf(row)) } : {}),
    };
  }
}
