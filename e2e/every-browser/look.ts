import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Page } from "puppeteer-core";
import { expect } from "vitest";
import { covered } from "../covered.ts";
import { fontWidths, sideways } from "../in-page.ts";
import fonts from "../looks/fonts.json" with { type: "json" };
import { type PageInFirefox, piercing } from "./page-in-firefox.ts";

const folder = new URL("./looks/", import.meta.url);

/** Of all pixels, how many may be another colour: letters' edges. */
const tolerance = 0.005;

/**
 * Compares the page as it is now with a picture of e2e/firefox/looks/. One that is not there is taken and fails the test: look
 * at it, and keep it. So after a change that is meant: delete the picture, run the test, look, run it again.
 */
export async function look(it: PageInFirefox, name: string): Promise<void> {
  const { page } = it;
  expect(await page.evaluate(sideways), `${name}: scrolls sideways`).toBe(0);
  const here = await page.evaluate(fontWidths);
  if (JSON.stringify(here) !== JSON.stringify(fonts)) {
    console.log(
      `NOT COMPARED: this machine's fonts differ from those of the pictures (${JSON.stringify(here)}).`,
    );
    return;
  }
  await page.evaluate(() => scrollTo(0, 0)); // further down the buttons of a phone lie over the page
  await setDisplay(page, "none");
  const taken = await page.screenshot({ fullPage: true, encoding: "base64" });
  await setDisplay(page, "");

  const file = new URL(`${name}.png`, folder);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, taken, "base64");
    expect
      .soft(true, `${name}.png was not there. It is now: look at it, and keep it if it is right.`)
      .toBe(false);
    return;
  }
  const share = await differentShare(page, readFileSync(file, "base64"), taken);
  if (share <= tolerance) return;
  mkdirSync("test-results", { recursive: true });
  writeFileSync(`test-results/firefox-${name}.png`, taken, "base64");
  expect
    .soft(share, `${name}: pixels that differ; see test-results/firefox-${name}.png`)
    .toBeLessThanOrEqual(tolerance);
}

/** Times are never the same, and neither are the lines they take. */
async function setDisplay(page: Page, display: string): Promise<void> {
  for (const css of covered) {
    for (const element of await page.$$(piercing(css))) {
      await element.evaluate((shown, value) => {
        (shown as HTMLElement).style.display = value;
      }, display);
    }
  }
}

/** Which part of the pixels of two PNGs, in base64, differ by more than a shade; 1 where their sizes do. */
async function differentShare(page: Page, one: string, other: string): Promise<number> {
  const blank = await page.browser().newPage(); // no policy forbids it to read them
  try {
    return await blank.evaluate(
      async (files) => {
        const read = async (file: string) => {
          const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${file}`)).blob());
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height);
        };
        const [a, b] = [await read(files[0]!), await read(files[1]!)];
        if (a.width !== b.width || a.height !== b.height) return 1;
        let different = 0;
        for (let i = 0; i < a.data.length; i += 4) {
          const distance = Math.max(...[0, 1, 2].map((c) => Math.abs(a.data[i + c]! - b.data[i + c]!)));
          if (distance > 40) different++;
        }
        return different / (a.width * a.height);
      },
      [one, other],
    );
  } finally {
    await blank.close();
  }
}
