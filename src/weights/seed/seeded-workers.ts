import { aborted } from "../../abort.ts";
import { NextTokenError } from "../../errors.ts";
import { Arrivals } from "./arrivals.ts";
import type { FromWorker, ToWorker } from "./seeded.worker.ts";
import type { ShareRequest } from "./share-maker.ts";

/** A buffer that holds the batch of this number. */
export interface MadeBatch {
  readonly batch: number;
  readonly buffer: ArrayBuffer;
}

/** One being filled, one in transfer, one being read. With 4 workers and 4 MiB each they stay below 64 MB. */
export const BUFFERS_PER_WORKER = 3;
const MAX_WORKERS = 4;
/** Fewer batches are made faster than a worker starts. */
const WORTH_WORKERS = 16;

/**
 * Starts as many workers as pay off for so many batches: none for a few batches, and none where there are no workers (Node)
 * or the page's policy forbids them.
 */
export async function startWorkers(batches: number): Promise<Worker[]> {
  if (typeof Worker === "undefined" || batches < WORTH_WORKERS) return [];
  const count = Math.min(batches, navigator.hardwareConcurrency, MAX_WORKERS);
  const started: Worker[] = [];
  try {
    // Inlined, because a page may not start a worker from another site's address, as the embedded element would.
    const { default: SeededWorker } = await import("./seeded.worker.ts?worker&inline");
    for (let i = 0; i < count; i++) started.push(new SeededWorker());
    await Promise.all(started.map(isReady));
    return started;
  } catch {
    for (const worker of started) worker.terminate();
    return [];
  }
}

const isReady = (worker: Worker) =>
  new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = reject;
  });

const send = (worker: Worker, message: ToWorker, transfer: Transferable[] = []) =>
  worker.postMessage(message, transfer);

/**
 * The batches that the workers make, in the order in which they arrive. A buffer returns to its worker, to be filled again,
 * when the next one is asked for: so the workers never run ahead of the consumer, and use no memory but `buffers`.
 */
export async function* makeInWorkers(
  workers: readonly Worker[],
  requests: readonly ShareRequest[],
  buffers: readonly ArrayBuffer[],
  signal: AbortSignal | undefined,
): AsyncGenerator<MadeBatch, void, undefined> {
  const arrivals = new Arrivals<{ readonly worker: Worker; readonly made: MadeBatch }>();
  const stop = () => arrivals.fail(aborted());
  signal?.addEventListener("abort", stop);
  try {
    requests.forEach((request, i) => {
      const worker = workers[i];
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data !== "ready") arrivals.put({ worker, made: data });
      };
      worker.onerror = ({ message }) => arrivals.fail(workerStopped(message));
      send(worker, request);
    });
    buffers.forEach((buffer, i) => {
      send(workers[i % requests.length], buffer, [buffer]);
    });
    const batches = requests.reduce((sum, { share }) => sum + share.batches.length, 0);
    for (let i = 0; i < batches; i++) {
      const { worker, made } = await arrivals.next();
      yield made;
      send(worker, made.buffer, [made.buffer]);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

const workerStopped = (reason: string) =>
  new NextTokenError(
    "unexpected",
    `A worker that makes the weights stopped: ${reason}. Start the model again.`,
  );
