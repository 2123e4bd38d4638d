import { expect, test } from "@playwright/test";
import { runCell, undisturbedText } from "../tools/faults/cell.ts";
import { faults } from "../tools/faults/faults.ts";
import { loseAtRandom } from "../tools/faults/losses.ts";
import { Site } from "../tools/faults/site.ts";
import type { Phase } from "../tools/faults/stage.ts";

// A share of `npm run faults`: each way of the page to come back once, and each kind of error. The whole table takes ten minutes.
const share: readonly (readonly [fault: string, phase: Phase])[] = [
  ["device lost (destroy)", "downloading"],
  ["GPU process crashes", "building"],
  ["adapter gone after a crash", "decoding"],
  ["GPU out of memory", "downloading"],
  ["wrong bytes", "idle"],
  ["quota exceeded", "downloading"],
  ["storage forbidden", "idle"],
];

let site: Site;
let undisturbed: string;
test.beforeAll(async ({ browser }) => {
  site = await Site.open("dist");
  undisturbed = await undisturbedText(browser, site);
});
test.afterAll(() => site.close());

for (const [name, phase] of share) {
  test(`${name}, ${phase}: the text comes, or an error says what to do and then it comes`, async ({
    browser,
  }) => {
    const fault = faults.find((one) => one.name === name)!;
    const { says, problems } = await runCell(browser, site, fault, phase, undisturbed);
    expect(says).not.toBe("-");
    expect(problems).toEqual([]);
  });
}

test("the GPU lost at five random tokens: five equal texts", async ({ browser }) => {
  const seed = Date.now() % 2 ** 31;
  console.log(`losses: seed ${seed}`);
  expect(await loseAtRandom(browser, site, 5, seed)).toBe(5);
});
