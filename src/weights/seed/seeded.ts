import { throwIfAborted } from "../../abort.ts";
import type { GPTConfig } from "../../config.ts";
import { NextTokenError } from "../../errors.ts";
import { nextTask } from "../../next-task.ts";
import type { WeightChunk, WeightSource } from "../weight-source.ts";
import { jumped } from "./jump.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { type Batch, drawsOf, planBatches, planShares } from "./plan.ts";
import { BUFFERS_PER_WORKER, type MadeBatch, makeInWorkers, startWorkers } from "./seeded-workers.ts";
import { ShareMaker } from "./share-maker.ts";

const LARGEST_SEED = 2 ** 32 - 1;
/** What the calling thread makes in one task: milliseconds, even without WebAssembly. */
const BYTES_A_TASK = 512 * 1024;

/** The weights that the notebook's `torch.manual_seed(seed); GPTModel(config)` starts with. */
export function seededWeights(seed: number, config: GPTConfig): SeededWeights {
  if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
    throw new NextTokenError(
      "bad-seed",
      `${seed} is no seed. Choose a whole number from 0 to ${LARGEST_SEED}.`,
    );
  }
  return new SeededWeights(seed, config);
}

export class SeededWeights implements WeightSource {
  readonly seed: number;
  readonly config: GPTConfig;
  readonly totalBytes: number;
  /** The most bytes of weights that have been in JavaScript's memory at once, workers included. */
  peakBytes = 0;

  constructor(seed: number, config: GPTConfig) {
    this.seed = seed;
    this.config = config;
    this.totalBytes = planBatches(config).reduce((sum, batch) => sum + bytesOf(batch), 0);
  }

  /** PyTorch's generator as the weights leave it: dropout draws from there on. Takes some 20 ms. */
  generator(): MersenneTwister {
    const draws = planBatches(this.config).reduce((sum, batch) => sum + drawsOf(batch), 0);
    return jumped(MersenneTwister.seeded(this.seed), draws);
  }

  /** Every value, made in workers; or on the calling thread, a small batch a task, where workers cannot run. */
  async *chunks(signal?: AbortSignal): AsyncGenerator<WeightChunk, void, undefined> {
    throwIfAborted(signal);
    const large = planBatches(this.config);
    const workers = await startWorkers(large.length);
    try {
      const batches = workers.length > 0 ? large : planBatches(this.config, BYTES_A_TASK);
      const made = workers.length > 0 ? this.#madeBy(workers, batches, signal) : this.#madeHere(batches);
      for await (const { batch, buffer } of made) {
        for (const chunk of chunksIn(batches[batch], buffer)) {
          throwIfAborted(signal);
          yield chunk;
        }
        await nextTask(); // lets the page handle its events between two batches
      }
    } finally {
      for (const worker of workers) worker.terminate();
    }
  }

  #madeBy(workers: readonly Worker[], batches: readonly Batch[], signal: AbortSignal | undefined) {
    const requests = planShares(batches, workers.length).map((share) => ({ seed: this.seed, share }));
    const buffers = this.#buffers(workers.length * BUFFERS_PER_WORKER, batches);
    return makeInWorkers(workers, requests, buffers, signal);
  }

  *#madeHere(batches: readonly Batch[]): Iterable<MadeBatch> {
    const [share] = planShares(batches, 1);
    const maker = new ShareMaker({ seed: this.seed, share });
    let [buffer] = this.#buffers(1, batches);
    for (let batch = maker.makeInto(buffer); batch !== undefined; batch = maker.makeInto(buffer)) {
      yield { batch, buffer };
      // Transferring the memory empties every chunk that still refers to it, as it does with workers.
      buffer = structuredClone(buffer, { transfer: [buffer] });
    }
  }

  /** The buffers of a run, which are reused until all batches are made. */
  #buffers(count: number, batches: readonly Batch[]): ArrayBuffer[] {
    const bytes = Math.max(...batches.map(bytesOf));
    this.peakBytes = Math.max(this.peakBytes, count * bytes);
    return Array.from({ length: count }, () => new ArrayBuffer(bytes));
  }
}

const bytesOf = (batch: Batch): number => batch.reduce((sum, { length }) => sum + 4 * length, 0);

function* chunksIn(batch: Batch, buffer: ArrayBuffer): Iterable<WeightChunk> {
  let at = 0;
  for (const { parameter, offset, length } of batch) {
    const data = new Float32Array(buffer, at, length);
    yield { name: parameter.name, shape: parameter.shape, offset, data };
    at += data.byteLength;
  }
}
