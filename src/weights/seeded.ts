import type { GPTConfig } from "../model/config.ts";
import { NextTokenError } from "../next-token-error.ts";
import { throwIfAborted } from "./abort.ts";
import { nextTask } from "./arrivals.ts";
import { jumped } from "./jump.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { type Batch, drawsOf, planBatches, planShares } from "./plan.ts";
import { BUFFERS_PER_WORKER, type MadeBatch, makeInWorkers, startWorkers } from "./seeded-workers.ts";
import { ShareMaker } from "./share-maker.ts";
import type { WeightChunk, WeightSource } from "./weight-source.ts";

const LARGEST_SEED = 2 ** 32 - 1;

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

/** The seed in `seed:123`; throws `bad-seed` for anything else. */
export function parseSeed(text: string): number {
  const digits = /^seed:(\d+)$/.exec(text)?.[1];
  const seed = Number(digits);
  if (digits === undefined || seed > LARGEST_SEED) {
    throw new NextTokenError(
      "bad-seed",
      `${JSON.stringify(text)} is no seed. Write seed: and a whole number from 0 to ${LARGEST_SEED}, as in seed:123.`,
    );
  }
  return seed;
}

export class SeededWeights implements WeightSource {
  readonly seed: number;
  readonly config: GPTConfig;
  readonly totalBytes: number;
  /** The most bytes of weights that have been in JavaScript's memory at once, workers included. */
  peakBytes = 0;
  readonly #batches: readonly Batch[];

  constructor(seed: number, config: GPTConfig) {
    this.seed = seed;
    this.config = config;
    this.#batches = planBatches(config);
    this.totalBytes = this.#batches.reduce((sum, batch) => sum + bytesOf(batch), 0);
  }

  /** PyTorch's generator as the weights leave it: dropout draws from there on. Takes some 20 ms. */
  generator(): MersenneTwister {
    const draws = this.#batches.reduce((sum, batch) => sum + drawsOf(batch), 0);
    return jumped(MersenneTwister.seeded(this.seed), draws);
  }

  /** Every value, made in workers; or on the calling thread, a batch a task, where workers cannot run. */
  async *chunks(signal?: AbortSignal): AsyncGenerator<WeightChunk, void, undefined> {
    throwIfAborted(signal);
    const workers = await startWorkers(this.#batches.length);
    try {
      const made = workers.length > 0 ? this.#madeBy(workers, signal) : this.#madeHere();
      for await (const { batch, buffer } of made) {
        for (const chunk of chunksIn(this.#batches[batch], buffer)) {
          throwIfAborted(signal);
          yield chunk;
        }
        await nextTask(); // however many batches wait, the page gets its turn between two
      }
    } finally {
      for (const worker of workers) worker.terminate();
    }
  }

  #madeBy(workers: readonly Worker[], signal: AbortSignal | undefined): AsyncIterable<MadeBatch> {
    const shares = planShares(this.#batches, workers.length);
    const requests = shares.map((share) => ({ seed: this.seed, config: this.config, share }));
    return makeInWorkers(workers, requests, this.#buffers(workers.length * BUFFERS_PER_WORKER), signal);
  }

  *#madeHere(): Iterable<MadeBatch> {
    const [share] = planShares(this.#batches, 1);
    const maker = new ShareMaker({ seed: this.seed, config: this.config, share });
    let [buffer] = this.#buffers(1);
    for (let batch = maker.makeInto(buffer); batch !== undefined; batch = maker.makeInto(buffer)) {
      yield { batch, buffer };
      // The same memory under a new name: a chunk that somebody kept is empty from now on, as it is with workers.
      buffer = structuredClone(buffer, { transfer: [buffer] });
    }
  }

  /** The memory of a run: it goes round until all batches are made. */
  #buffers(count: number): ArrayBuffer[] {
    const bytes = Math.max(...this.#batches.map(bytesOf));
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
