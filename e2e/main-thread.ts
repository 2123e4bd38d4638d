import type { Browser, Page } from "@playwright/test";

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  args: { name?: string };
  /** In microseconds. */
  ts: number;
  /** By the clock, and the thread's own time, in microseconds. */
  dur?: number;
  tdur?: number;
}

/** A task of the page's main thread. */
export interface Task {
  /** By the processor's clock: a busy machine, on which threads wait for a processor, does not make it longer. */
  milliseconds: number;
  /** What it did, of what the timeline of the developer tools tells: "Layout", "Layerize" ... */
  did: ReadonlySet<string>;
}

/** The tasks of the page's main thread while `work` is under way. */
export async function tasksDuring(
  browser: Browser,
  page: Page,
  work: () => Promise<unknown>,
): Promise<Task[]> {
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
  await work();
  const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
  const events = trace.traceEvents;
  const mains = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const threads = new Set(mains.map(threadOf));
  const onMain = events
    .filter((event) => threads.has(threadOf(event)) && event.dur !== undefined)
    .sort((a, b) => a.ts - b.ts || b.dur! - a.dur!);
  if (onMain.length === 0) throw new Error("The trace holds no task of a main thread.");
  const tasks: { milliseconds: number; did: Set<string> }[] = [];
  const ends = new Map<string, number>();
  const under = new Map<string, Set<string>>();
  for (const event of onMain) {
    const thread = threadOf(event);
    // What lies in nothing else is a task, whatever its name: not all that comes from other processes is a "RunTask".
    if (event.ts >= (ends.get(thread) ?? 0)) {
      ends.set(thread, event.ts + event.dur!);
      under.set(thread, new Set());
      tasks.push({ milliseconds: (event.tdur ?? 0) / 1000, did: under.get(thread)! });
    }
    under.get(thread)!.add(event.name);
  }
  return tasks;
}
