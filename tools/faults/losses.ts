import type { Browser } from "@playwright/test";
import type { Site } from "./site.ts";
import { type Outcome, Stage } from "./stage.ts";

/** How many tokens are there to be lost at. */
const TOKENS = 40;

/**
 * Plays the same run `count` times in one page, and takes the GPU away at a random token of each. Every other loss is a
 * crash of the GPU's process, the others are a device that is destroyed.
 * @returns how many of the runs ended with the text of a run without a loss
 */
export async function loseAtRandom(
  browser: Browser,
  site: Site,
  count: number,
  seed: number,
): Promise<number> {
  const stage = await Stage.open(browser, site, "idle");
  const draw = generator(seed);
  try {
    await stage.frame
      .locator("next-token")
      .evaluate((element: HTMLElementTagNameMap["next-token"], tokens) => {
        element.maxNewTokens = tokens;
        element.device = "gpu"; // or the processor would take its place after the second loss
      }, TOKENS);
    const undisturbed = textOf(await stage.play());
    let equal = 0;
    for (let i = 0; i < count; i++) {
      const token = Math.floor(draw() * TOKENS);
      await stage.frame.evaluate((at) => {
        document.querySelector("next-token")!.reset();
        window.stage.isHeld = false;
        window.stage.holdAtToken(at);
        window.stage.play();
      }, token);
      await stage.frame.waitForFunction(() => window.stage.isHeld, undefined, { polling: 10 });
      if (i % 2 === 0) await stage.frame.evaluate(() => window.stage.devices.at(-1)!.destroy());
      else await stage.crashGpu();
      const text = textOf(await stage.goOn());
      if (text === undisturbed) equal++;
      else console.log(`loss ${i} at token ${token}: ${text}`);
    }
    const blemishes = await stage.blemishes();
    if (blemishes.length > 0) throw new Error(blemishes.join("\n"));
    return equal;
  } finally {
    await stage.close();
  }
}

const textOf = (outcome: Outcome): string => ("text" in outcome ? outcome.text : outcome.code);

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
