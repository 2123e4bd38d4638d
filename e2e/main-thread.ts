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
  const onMain = events.filter((event) => threads.has(threadOf(event)) && event.dur !== undefined);
  const tasks = onMain.filter(({ name }) => name.endsWith("RunTask"));
  if (tasks.length === 0) throw new Error("The trace holds no task of a main thread.");
  return tasks.map((task) => {
    const isWithin = (event: TraceEvent) =>
      threadOf(event) === threadOf(task) && event.ts >= task.ts && event.ts < task.ts + task.dur!;
    const did = new Set(onMain.filter(isWithin).map(({ name }) => name));
    return { milliseconds: (task.tdur ?? 0) / 1000, did };
  });
}
