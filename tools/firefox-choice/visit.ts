import { chromium } from "@playwright/test";
import { launchOptions } from "../browser.ts";
import { launchFirefox } from "../firefox.ts";
import { keptChoice, type Times, watchTimes, withholdSubgroups } from "./in-page.ts";

/** What comes of a first visit in which Play is pressed, at the fastest pace. */
export interface Visit {
  /** The variants of kernels that were chosen, by what they are for. */
  choice: Record<string, string>;
  /** From Play until the model is ready. */
  readyMs: number;
  /** From one token to the next, the median. */
  tokenMs: number;
}

/** What a first visit in Firefox may take on the software adapter. */
export const limits = { readyMs: 4000, tokenMs: 250 };

const patience = 180_000; // in ms: with kernels that do not fit, ten tokens take that long

/** A visit with a Firefox that has a profile of its own. `gpu` is the environment in which it has WebGPU. */
export async function visitWithFirefox(
  firefox: string,
  gpu: Record<string, string>,
  address: string,
): Promise<Visit> {
  const browser = await launchFirefox(firefox, gpu);
  try {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(watchTimes);
    await page.goto(address);
    const pace = await page.waitForSelector('>>> ::-p-aria([name="Pace"][role="combobox"])');
    await pace!.select("fast");
    const play = await page.waitForSelector('>>> ::-p-aria([name="Play"][role="button"])');
    await play!.click();
    await page.waitForFunction(() => window.times !== undefined, { timeout: patience, polling: 200 });
    return summary(await page.evaluate(keptChoice), await page.evaluate(() => window.times!));
  } finally {
    await browser.close();
  }
}

/** The same with a Chromium whose adapter has no subgroups, as none has in Firefox. */
export async function visitWithChromium(address: string): Promise<Visit> {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    await page.addInitScript(withholdSubgroups);
    await page.addInitScript(watchTimes);
    await page.goto(address);
    await page.getByRole("combobox", { name: "Pace" }).selectOption("fast");
    await page.getByRole("button", { name: "Play" }).click();
    await page.waitForFunction(() => window.times !== undefined, undefined, {
      timeout: patience,
      polling: 200,
    });
    return summary(await page.evaluate(keptChoice), await page.evaluate(() => window.times!));
  } finally {
    await browser.close();
  }
}

export function summary(choice: Visit["choice"], { play, ready, tokens }: Times): Visit {
  const gaps = tokens.slice(1).map((at, i) => at - tokens[i]!);
  const tokenMs = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? Number.NaN;
  return { choice, readyMs: ready - play, tokenMs };
}

/**
 * What is wrong with a visit, in words; empty where nothing is.
 * @param expected the choice of kernels that is right
 * @param slack times the limits that a machine may take that does something else besides
 */
export function faultsOf(
  { choice, readyMs, tokenMs }: Visit,
  expected: Visit["choice"],
  slack = 1,
): string[] {
  const wrong = Object.keys({ ...expected, ...choice }).filter((what) => choice[what] !== expected[what]);
  return [
    ...wrong.map((what) => `${what}: ${choice[what]} instead of ${expected[what]}`),
    ...(readyMs <= slack * limits.readyMs ? [] : [`ready after ${Math.round(readyMs)} ms`]),
    ...(tokenMs <= slack * limits.tokenMs ? [] : [`a token takes ${Math.round(tokenMs)} ms`]),
    ...(Object.keys(choice).length > 0 ? [] : ["no choice of kernels was kept"]),
  ];
}
