/**
 * Lets every fault strike in every phase of a visit, in Chromium, and prints what came of it:
 *
 *     npm run faults                     the whole table
 *     npm run faults -- quota            only the faults whose name says so; "losses" for the last part
 *
 * At the end the GPU is lost at a random token of fifty runs.
 *
 * Fails where a visit does not end as it must: with the text of an undisturbed one, or with a named error, after which
 * Play brings that text once the fault is over. docs/reliability.md holds the last table.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "@playwright/test";
import { build } from "vite";
import { findAdapter } from "./adapter.ts";
import { launchOptions } from "./browser.ts";
import { type Result, runCell, undisturbedText } from "./faults/cell.ts";
import { faults } from "./faults/faults.ts";
import { loseAtRandom } from "./faults/losses.ts";
import { Site } from "./faults/site.ts";
import { phases } from "./faults/stage.ts";
import { table } from "./faults/table.ts";

const LOSSES = 50;

const named = process.argv.slice(2);
const isWanted = (name: string) => named.length === 0 || named.some((part) => name.includes(part));
const wanted = faults.filter(({ name }) => isWanted(name));
const seed = Date.now() % 2 ** 31;
if (wanted.length === 0 && !isWanted("losses"))
  throw new Error(`The faults are: ${faults.map(({ name }) => name).join(", ")}, losses.`);

const { description, architecture } = await findAdapter();
console.log(`${description || architecture}, ${new Date().toISOString().slice(0, 10)}`);
const browser = await chromium.launch({
  ...launchOptions(),
  ignoreDefaultArgs: ["--disable-back-forward-cache"],
});
const dist = mkdtempSync(join(tmpdir(), "faults-"));
let site: Site | undefined;
const results: Result[] = [];
let areAllEqual = true;
try {
  await build({
    configFile: resolve(import.meta.dirname, "../vite.element.config.ts"),
    root: resolve(import.meta.dirname, ".."),
    logLevel: "warn",
    build: { outDir: dist },
  });
  site = await Site.open(dist);
  const undisturbed = await undisturbedText(browser, site);
  for (const fault of wanted)
    for (const phase of phases) {
      const result = await runCell(browser, site, fault, phase, undisturbed);
      results.push(result);
      const { says, why, seconds, problems } = result;
      console.log(`${fault.name}, ${phase}: ${says} (${seconds.toFixed(1)} s)${why && `\n  ${why}`}`);
      for (const problem of problems) console.log(`  FAILED ${problem}`);
    }
  if (isWanted("losses")) {
    const equal = await loseAtRandom(browser, site, LOSSES, seed);
    areAllEqual = equal === LOSSES;
    console.log(`seed ${seed}: ${LOSSES} losses at random tokens, ${equal} texts as without a loss`);
  }
} finally {
  await browser.close();
  await site?.close();
  rmSync(dist, { recursive: true });
}
const failed = results.filter(({ problems }) => problems.length > 0);
console.log(
  `\n${table(results)}\n\n${results.length - failed.length} of ${results.length} cells as they must be`,
);
if (failed.length > 0 || !areAllEqual) process.exitCode = 1;
