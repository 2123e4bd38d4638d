import { type Browser, expect, type Page, test } from "@playwright/test";
import { tasksDuring } from "./main-thread.ts";
import { ThePage } from "./the-page.ts";

const LIMIT = 50; // ms; from here on the browser calls a task long
const LONGEST_WAIT = 1000; // ms; a busy machine, or the next test beside this one, accounts for less

interface Build {
  /** Tasks that held the main thread longer than the limit by the clock, as the Long Tasks API tells, in ms. */
  longTasks: number[];
  /** The most that any one task of the main thread computed, by the processor's clock, in ms. */
  mostComputed: number;
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
  const tasks = await tasksDuring(browser, page, async () => {
    await it.button("Token").click();
    await page.evaluate(() => Reflect.get(window, "isReady"));
  });
  return {
    longTasks: await it.longTasks(),
    mostComputed: Math.max(...tasks.map(({ milliseconds }) => milliseconds)),
  };
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
