import { type Browser, expect, type Page, test } from "@playwright/test";
import { ThePage } from "./the-page.ts";

const LIMIT = 50; // ms; from here on the browser calls a task long
const LONGEST_WAIT = 1000; // ms; a busy machine, or the next test beside this one, accounts for less

interface Build {
  /** Tasks that held the main thread longer than the limit by the clock, as the Long Tasks API tells, in ms. */
  longTasks: number[];
  /** The most that any one task of the main thread computed, by the processor's clock, in ms. */
  mostComputed: number;
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  args: { name?: string };
  /** The thread's own time, in microseconds. */
  tdur?: number;
}

async function build(browser: Browser, page: Page): Promise<Build> {
  await page.goto("./");
  const it = new ThePage(page);
  await expect(it.chips).toHaveCount(4); // the tokenizer is there
  await it.watchLongTasks();
  await page.evaluate(() => {
    const isReady = new Promise((ready) => addEventListener("ready", ready, { once: true }));
    Object.assign(window, { isReady });
  });
  await browser.startTracing(page, { categories: ["toplevel"] });
  await it.button("Token").click();
  await page.evaluate(() => Reflect.get(window, "isReady"));
  const longTasks = await it.longTasks();
  const trace = await browser.stopTracing();
  return { longTasks, mostComputed: mostComputed(JSON.parse(trace.toString()).traceEvents) };
}

function mostComputed(events: TraceEvent[]): number {
  const mains = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const tasks = events.filter(
    ({ name, pid, tid }) =>
      name.endsWith("RunTask") && mains.some((main) => main.pid === pid && main.tid === tid),
  );
  if (tasks.length === 0) throw new Error("The trace holds no task of a main thread.");
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000));
}

test("building the model never holds the page for 50 ms", async ({ browser }) => {
  const page = await browser.newPage();
  const builds: Build[] = [];
  do builds.push(await build(browser, page));
  while (builds.at(-1)!.longTasks.length > 0 && builds.length < 3);
  await page.close();
  console.log(`builds: ${JSON.stringify(builds)}`);

  // By the clock a task that computes for 10 ms can be long on a busy machine, where threads wait for a processor.
  // A task of ours that is too long is so in every build, and by the processor's clock too.
  if (builds.at(-1)!.longTasks.length > 0) console.log("This machine is busy: no build was without a wait.");
  expect(Math.min(...builds.map(({ mostComputed }) => mostComputed))).toBeLessThan(LIMIT);
  // A page that waits for seconds in every build, as for a GPU process that compiles while weights go there, waits for us.
  expect(Math.min(...builds.map(({ longTasks }) => Math.max(0, ...longTasks)))).toBeLessThan(LONGEST_WAIT);
});
