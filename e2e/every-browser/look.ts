import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import { expect } from "vitest";
import { covered } from "../covered.ts";
import { fontWidths, sideways } from "../in-page.ts";
import type { DrivenPage } from "./driven-page.ts";

const folder = new URL("./looks/", import.meta.url);

/** Of all pixels, how many may be another colour: letters' edges. */
const tolerance = 0.005;

/**
 * Compares the page as it is now with a picture of e2e/every-browser/looks/. One that is not there is taken and fails the test:
 * look at it, and keep it. So after a change that is meant: delete the picture, run the test, look, run it again.
 */
export async function look(it: DrivenPage, name: string): Promise<void> {
  expect(await it.evaluate(sideways), `${name}: scrolls sideways`).toBe(0);
  const here = JSON.stringify(await it.evaluate(fontWidths));
  const fonts = JSON.parse(readFileSync(new URL(`${dirname(name)}/fonts.json`, folder), "utf8"));
  if (here !== JSON.stringify(fonts)) {
    console.log(`NOT COMPARED: this machine's fonts differ from those of the pictures (${here}).`);
    return;
  }
  await it.evaluate(setDisplay, covered, "none");
  const taken = await stillPicture(it);
  await it.evaluate(setDisplay, covered, "");

  const file = fileURLToPath(new URL(`${name}.png`, folder));
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, taken);
    expect
      .soft(true, `${name}.png was not there. It is now: look at it, and keep it if it is right.`)
      .toBe(false);
    return;
  }
  const share = differentShare(PNG.sync.read(readFileSync(file)), PNG.sync.read(taken));
  if (share <= tolerance) return;
  const failed = `test-results/${name.replace("/", "-")}.png`;
  mkdirSync("test-results", { recursive: true });
  writeFileSync(failed, taken);
  expect.soft(share, `${name}: pixels that differ; see ${failed}`).toBeLessThanOrEqual(tolerance);
}

/** The page is drawn when two pictures in a row are the same. */
async function stillPicture(it: DrivenPage): Promise<Buffer> {
  let picture = await it.picture();
  for (let attempt = 0; attempt < 10; attempt++) {
    await sleep(200);
    const next = await it.picture();
    if (next.equals(picture)) break;
    picture = next;
  }
  return picture;
}

/** Times are never the same, and neither are the lines they take. Runs in the page. */
function setDisplay(paths: string[], display: string): void {
  const visit = (root: ParentNode) => {
    for (const { localName, shadowRoot } of root.querySelectorAll("*")) {
      if (!shadowRoot) continue;
      for (const [host, css] of paths.map((path) => path.split(" "))) {
        if (host !== localName) continue;
        for (const element of shadowRoot.querySelectorAll<HTMLElement>(css!)) element.style.display = display;
      }
      visit(shadowRoot);
    }
  };
  visit(document);
}

/** Which part of the pixels of two pictures differ by more than a shade; 1 where their sizes do. */
function differentShare(a: PNG, b: PNG): number {
  if (a.width !== b.width || a.height !== b.height) return 1;
  let different = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const distance = Math.max(...[0, 1, 2].map((c) => Math.abs(a.data[i + c]! - b.data[i + c]!)));
    if (distance > 40) different++;
  }
  return different / (a.width * a.height);
}
