import { nextTask } from "../next-task.ts";
import { Executor, MAX_PAGES } from "./executor.ts";
import { kernelModule } from "./kernel-module.ts";
import type { Answer, Command, LeaderCommand, Setup, SharedCommand } from "./messages.ts";

/** More share a memory that is no faster for it. */
const MAX_WORKERS = 4;

/** Where commands are computed, and how the answers come back. */
export interface Workers {
  /** How many share the work. */
  readonly count: number;
  /** To all. */
  share(command: SharedCommand): void;
  /** To the leader. What is transferred is the page's no more. */
  tell(command: LeaderCommand, transfer?: ArrayBuffer[]): void;
  terminate(): void;
}

export interface Listener {
  onAnswer(answer: Exclude<Answer, "ready">): void;
}

/**
 * Starts the workers: several, which share their memory, where the page is isolated from others and so may share it; else one.
 * Where the page may start none, or in Node, what they do is done on the calling thread, in short tasks.
 * @throws NextTokenError "no-webassembly"
 */
export async function startWorkers(listener: Listener): Promise<Workers> {
  const cores = globalThis.navigator?.hardwareConcurrency ?? 1;
  const sharing = globalThis.crossOriginIsolated === true && cores > 1 ? sharedMemory() : undefined;
  const count = sharing ? Math.min(cores, MAX_WORKERS) : 1;
  const module = await kernelModule(sharing ? "shared" : "own");
  const setups = Array.from({ length: count }, (_, index) => ({ module, memory: sharing, index, count }));
  return (await startThreads(setups, listener)) ?? onThisThread(await kernelModule("own"), listener);
}

/** All that can be addressed, of which none is taken yet. A device of 32 bits may refuse so much: then less. */
function sharedMemory(): WebAssembly.Memory | undefined {
  for (const maximum of [MAX_PAGES, MAX_PAGES / 2, MAX_PAGES / 4]) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch {
      // no room for the addresses
    }
  }
  return undefined;
}

/** Undefined where the page may not start workers. */
async function startThreads(setups: readonly Setup[], listener: Listener): Promise<Workers | undefined> {
  if (typeof Worker === "undefined") return undefined;
  const threads: Worker[] = [];
  const terminate = () => {
    for (const thread of threads) thread.terminate();
  };
  try {
    // Inlined, because a page may not start a worker from another site's address, as the embedded element would.
    const { default: ProcessorWorker } = await import("./processor.worker.ts?worker&inline");
    for (const _ of setups) threads.push(new ProcessorWorker());
    await Promise.all(threads.map((thread, i) => begin(thread, setups[i]!)));
  } catch {
    terminate();
    return undefined;
  }
  for (const thread of threads) {
    thread.onmessage = ({ data }: MessageEvent<Exclude<Answer, "ready">>) => listener.onAnswer(data);
    thread.onerror = ({ message }) => listener.onAnswer({ failure: message });
  }
  return {
    count: threads.length,
    share: (command) => {
      for (const thread of threads) thread.postMessage(command);
    },
    tell: (command, transfer = []) => threads[0]!.postMessage(command, transfer),
    terminate,
  };
}

/** Resolves when a worker is ready to compute. */
const begin = (thread: Worker, setup: Setup) =>
  new Promise<void>((resolve, reject) => {
    thread.onmessage = ({ data }: MessageEvent<Answer>) => (data === "ready" ? resolve() : reject(data));
    thread.onerror = reject;
    thread.postMessage(setup);
  });

/** How long a task may compute before others have their turn, in milliseconds. */
const SLICE_MS = 8;

async function onThisThread(module: WebAssembly.Module, listener: Listener): Promise<Workers> {
  const executor = await Executor.open({ module, memory: undefined, index: 0, count: 1 });
  const waiting: Command[] = [];
  let isRunning = false;
  let hasEnded = false;
  const work = async () => {
    isRunning = true;
    await nextTask(); // as a worker, it answers later
    let since = performance.now();
    for (let command = waiting.shift(); command && !hasEnded; command = waiting.shift()) {
      for (const part of oneByOne(command)) {
        const answer = executor.execute(part);
        if (answer && answer !== "ready" && !hasEnded) listener.onAnswer(answer);
        if (performance.now() - since < SLICE_MS) continue;
        await nextTask();
        since = performance.now();
      }
    }
    isRunning = false;
  };
  const post = (command: Command) => {
    waiting.push(command);
    if (!isRunning) work().catch((reason) => listener.onAnswer({ failure: String(reason) }));
  };
  return {
    count: 1,
    share: post,
    tell: post,
    terminate: () => {
      hasEnded = true;
    },
  };
}

/** A run, dispatch by dispatch. */
function* oneByOne(command: Command): Iterable<Command> {
  if (command.do !== "run") yield command;
  else for (let i = command.first; i < command.end; i++) yield { ...command, first: i, end: i + 1 };
}
