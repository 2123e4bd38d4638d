import { expect, test } from "@playwright/test";
import { layoutFaults } from "./layout-faults.ts";

// What holds the page to its place can fail: each fault once, some of them inside a shadow tree.

const faulty: Record<string, [markup: string, fault: RegExp]> = {
  "a wide table": [
    "<table><tr><td><div class=wide>x</div></td></tr></table>",
    /^sideways by \d+: .*div\.wide/,
  ],
  "a tall figure": ["<svg class=tall></svg>", /^8 screens tall: .*svg\.tall/],
  "a text over another": [
    "<p class=one>first</p><p class=over>second</p>",
    /“first” in .*p\.one over “second” in .*p\.over/,
  ],
  "a button over a text": [
    "<p class=one>first</p><button class=over>second</button>",
    /“first” in .*p\.one over .*button\.over/,
  ],
  "a broken number": ["<p class=narrow>−12.3456 and 7</p>", /number in 2 lines: −12\.3456 in .*p\.narrow/],
  "a text over its frame": [
    "<p class=frame>anotherlongword</p>",
    /over its frame by \d+: “anotherlongword” of .*p\.frame/,
  ],
  "a box that cuts": ["<div class=cut>anotherlongword</div>", /holds \d+ of 40 pixels: .*div\.cut/],
};
const css = `body { margin: 0; font: 16px/1.4 monospace } .wide { width: 2000px } .tall { display: block; width: 9px; height: 6400px }
  .one { margin: 0 } .over { position: absolute; top: 2px; left: 4px; margin: 0 } .narrow { width: 5ch; overflow-wrap: anywhere }
  .frame { width: 40px; border: 1px solid } .cut { width: 40px; overflow: hidden }`;

test("each fault of a layout is noticed, in a shadow tree too, and a page without any has none", async ({
  page,
}) => {
  await page.setViewportSize({ width: 600, height: 800 });
  const faultsOf = async (markup: string) => {
    await page.setContent(`<style>${css}</style>${markup}`);
    return layoutFaults(page);
  };
  const shadow = (markup: string) =>
    `<div><template shadowrootmode=open><style>${css}</style>${markup}</template></div>`;
  for (const [name, [markup, fault]] of Object.entries(faulty)) {
    for (const page of [markup, shadow(markup)]) {
      const found = await faultsOf(page);
      expect(
        found.some((line) => fault.test(line)),
        `${name}: ${found.join("; ")}`,
      ).toBe(true);
    }
  }
  const sound = `<p>1,024 tokens</p><button>Play</button><div class=frame style="overflow: auto">anotherlongword</div>`;
  expect(await faultsOf(sound)).toEqual([]);
});
