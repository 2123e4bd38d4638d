import { aborted } from "../abort.ts";
import type { Device } from "../device/device.ts";
import type { Precision } from "../kernels/weight-format.ts";
import { destroyTensors, type WeightTensors } from "../pass/weight-tensors.ts";
import { CheckpointError } from "../weights/checkpoint/checkpoint-error.ts";
import type { WeightSource } from "../weights/weight-source.ts";
import { LoadProgress, type Subscriber } from "./load-progress.ts";
import { uploadWeights } from "./upload-weights.ts";

export interface LoadOptions extends Subscriber {
  /** How the matrices are stored on the GPU: "f32" (default, the notebook's numbers), "f16" or "int8". */
  precision?: Precision | undefined;
  signal?: AbortSignal | undefined;
}

/** What a load passes to the source that it opens. */
export interface Opening {
  readonly signal: AbortSignal;
  readonly onProgress: LoadProgress["progress"];
  readonly onNote: LoadProgress["note"];
  /** Addresses not to use. A source that adds one and fails is opened again, because another address may work. */
  readonly avoid: Set<string>;
}

export type OpenSource<S extends WeightSource> = (opening: Opening) => S | Promise<S>;

/** A share in a copy of weights on the GPU; the last share to be released destroys it. */
export interface SharedWeights<S extends WeightSource> {
  readonly tensors: WeightTensors;
  readonly source: S;
  readonly notes: readonly string[];
  release(): void;
}

interface Entry<S extends WeightSource> {
  readonly loaded: Promise<{ tensors: WeightTensors; source: S }>;
  readonly progress: LoadProgress;
  readonly controller: AbortController;
  users: number;
}

const entries = new WeakMap<Device, Map<string, Entry<WeightSource>>>();

/**
 * The weights that `key` names, uploaded once per device however many models ask for them. The load itself is aborted when
 * all its callers have aborted.
 */
export async function shareWeights<S extends WeightSource>(
  device: Device,
  key: string,
  open: OpenSource<S>,
  { precision = "f32", onProgress, onNote, signal }: LoadOptions,
): Promise<SharedWeights<S>> {
  if (signal?.aborted) throw stopped();
  const known = entries.get(device) ?? new Map<string, Entry<WeightSource>>();
  entries.set(device, known);
  key = `${precision} ${key}`;
  let entry = known.get(key) as Entry<S> | undefined;
  if (!entry) {
    entry = load(device, open, precision);
    known.set(key, entry);
  }
  const joined = entry;
  joined.users++;
  const leave = joined.progress.subscribe({ onProgress, onNote });

  let released = false;
  const release = () => {
    if (released) return;
    released = true;
    leave();
    if (--joined.users > 0) return;
    if (known.get(key) === joined) known.delete(key);
    joined.controller.abort();
    joined.loaded.then(
      ({ tensors }) => destroyTensors(device, tensors),
      () => {}, // a load that failed or was aborted has freed its tensors
    );
  };
  try {
    const { tensors, source } = await untilAborted(joined.loaded, signal);
    return { tensors, source, notes: joined.progress.notes, release };
  } catch (error) {
    release();
    throw error;
  }
}

function load<S extends WeightSource>(device: Device, open: OpenSource<S>, precision: Precision): Entry<S> {
  const progress = new LoadProgress();
  const controller = new AbortController();
  const { signal } = controller;
  const opening: Opening = {
    signal,
    onProgress: progress.progress,
    onNote: progress.note,
    avoid: new Set(),
  };
  const attempt = async () => {
    const source = await open(opening);
    const total = source.totalBytes;
    const onBytes = source.tellsProgress
      ? undefined
      : (loaded: number) => progress.progress({ phase: "weights", loaded, total });
    try {
      const tensors = await uploadWeights(device, source, { precision, onBytes, signal });
      return { tensors, source };
    } finally {
      await source.close?.();
    }
  };
  const run = async () => {
    let changes = 0;
    for (;;) {
      const { size } = opening.avoid;
      try {
        return await attempt();
      } catch (error) {
        if (isChange(error)) changes++;
        const hasJustChanged = isChange(error) && changes === 1;
        if (opening.avoid.size === size && !hasJustChanged) throw error;
        if (hasJustChanged) progress.note(CHANGED);
      }
    }
  };
  return { loaded: run(), progress, controller, users: 0 };
}

/** Whether the file was replaced on its server during the download: its stored parts are deleted, so a new attempt may succeed. */
const isChange = (error: unknown) => error instanceof CheckpointError && error.rule === "file-changed";

const CHANGED =
  "The file had changed on its server since a part of it came, so all of it was downloaded anew.";

const stopped = () => aborted("Loading the model was stopped. Press Play to start again.");

/** `promise`, or a rejection as soon as `signal` aborts. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(stopped());
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
