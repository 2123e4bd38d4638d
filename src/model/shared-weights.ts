import type { Engine } from "../gpu/engine.ts";
import type { Precision } from "../kernels/weight-format.ts";
import { NextTokenError } from "../next-token-error.ts";
import type { WeightSource } from "../weights/weight-source.ts";
import type { Progress } from "./config.ts";
import { destroyTensors, uploadWeights, type WeightTensors } from "./weight-tensors.ts";

export interface LoadOptions {
  /** How the matrices are kept on the GPU: "f32" (default, the notebook's numbers), "f16" or "int8". */
  precision?: Precision | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A share in a copy of weights on the GPU; the last share to be released destroys it. */
export interface SharedWeights<S extends WeightSource> {
  readonly tensors: WeightTensors;
  readonly source: S;
  release(): void;
}

interface Entry<S extends WeightSource> {
  readonly loaded: Promise<{ tensors: WeightTensors; source: S }>;
  readonly listeners: Set<(progress: Progress) => void>;
  readonly controller: AbortController;
  users: number;
}

const entries = new WeakMap<Engine, Map<string, Entry<WeightSource>>>();

/**
 * The weights that `key` names, uploaded once per device however many models ask for them. One who aborts leaves;
 * the load itself is aborted when nobody is left.
 */
export async function shareWeights<S extends WeightSource>(
  engine: Engine,
  key: string,
  open: (signal: AbortSignal) => S | Promise<S>,
  { precision = "f32", onProgress, signal }: LoadOptions,
): Promise<SharedWeights<S>> {
  if (signal?.aborted) throw aborted();
  const known = entries.get(engine) ?? new Map<string, Entry<WeightSource>>();
  entries.set(engine, known);
  key = `${precision} ${key}`;
  let entry = known.get(key) as Entry<S> | undefined;
  if (!entry) {
    entry = load(engine, open, precision);
    known.set(key, entry);
  }
  const joined = entry;
  joined.users++;
  if (onProgress) joined.listeners.add(onProgress);

  let released = false;
  const release = () => {
    if (released) return;
    released = true;
    if (onProgress) joined.listeners.delete(onProgress);
    if (--joined.users > 0) return;
    if (known.get(key) === joined) known.delete(key);
    joined.controller.abort();
    joined.loaded.then(
      ({ tensors }) => destroyTensors(engine.gpu, tensors),
      () => {}, // a load that failed or was aborted has cleaned up
    );
  };
  try {
    const { tensors, source } = await untilAborted(joined.loaded, signal);
    return { tensors, source, release };
  } catch (error) {
    release();
    throw error;
  }
}

function load<S extends WeightSource>(
  engine: Engine,
  open: (signal: AbortSignal) => S | Promise<S>,
  precision: Precision,
): Entry<S> {
  const listeners = new Set<(progress: Progress) => void>();
  const controller = new AbortController();
  const run = async () => {
    const source = await open(controller.signal);
    const total = source.totalBytes;
    const onBytes = (loaded: number) => {
      for (const listener of listeners) listener({ phase: "weights", loaded, total });
    };
    const tensors = await uploadWeights(engine, source, { precision, onBytes, signal: controller.signal });
    return { tensors, source };
  };
  return { loaded: run(), listeners, controller, users: 0 };
}

const aborted = () =>
  new NextTokenError("aborted", "Loading the model was stopped. Press Generate to start again.");

/** `promise`, or a rejection as soon as `signal` aborts. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted());
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
