import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Browser } from "@playwright/test";
import { compare } from "./cli/compare.ts";
import { benchInPage, ladderInPage, launch } from "./cli/in-chromium.ts";
import { buildNodeBench, copyDawn, NODE_BENCH, runNodeBench } from "./cli/node-build.ts";
import { type Options, readOptions } from "./cli/options.ts";
import { buildPage, describeTree, servePage } from "./cli/page-build.ts";
import { reportRatios } from "./cli/ratios.ts";
import { type BenchRecord, fileNameOf, recordOf } from "./cli/record.ts";
import { report } from "./cli/report.ts";
import { reportLadders } from "./ladder/report.ts";

// `npm run bench`. bench/README.md says what it measures and what its figures may be used for.

const root = resolve(import.meta.dirname, "..");
const built = join(root, "dist-bench");
const say = (what: string) => console.error(`... ${what}`);

try {
  const options = readOptions(process.argv.slice(2));
  if (options.pack !== undefined) await pack(resolve(options.pack));
  else if (options.compare !== undefined) await compareTo(options.compare, options);
  else if (options.node) await inNode(options);
  else if (options.ladder) await climbInBrowser(options);
  else await inBrowser(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function inBrowser({ only, precision, device, isolated, json }: Options): Promise<void> {
  await withBenchPage(async (browser, url) => {
    const result = await benchInPage(browser, url, { only, precision, device }, say);
    if (!result.ids_ok) throw new Error(`The model said ${result.ids}, which is wrong: nothing was timed.`);
    if (result.unmasked_ok === false) throw new Error("Without a mask the model says the wrong ids.");
    const record = recordOf(result, `Chromium ${browser.version()}`, describeTree(root));
    console.log(report(record));
    save(record, json);
  }, isolated);
}

async function climbInBrowser({ about, json }: Options): Promise<void> {
  await withBenchPage(async (browser, url) => {
    const result = await ladderInPage(browser, url, about, say);
    console.log(reportLadders(result));
    if (json) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  });
}

/** Builds the page and serves it to `measure` with a browser. Both are closed whatever happens, or the process would stay. */
async function withBenchPage(
  measure: (browser: Browser, url: string) => Promise<void>,
  isolated = false,
): Promise<void> {
  const outDir = join(built, "page");
  await buildPage(root, outDir);
  const server = await servePage(outDir, isolated);
  try {
    const browser = await launch();
    try {
      await measure(browser, server.url);
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

async function inNode({ only, precision, ladder, about, json }: Options): Promise<void> {
  const outDir = join(built, "node");
  await buildNodeBench(root, outDir, describeTree(root));
  if (ladder) {
    runNodeBench(outDir, [
      "--ladder",
      "--about",
      about.join(),
      ...(json === undefined ? [] : ["--json", resolve(json)]),
    ]);
    return;
  }
  const file = join(outDir, "result.json");
  runNodeBench(outDir, ["--only", only.join(), "--precision", precision, "--json", file]);
  save(JSON.parse(readFileSync(file, "utf8")) as BenchRecord, json);
}

async function pack(folder: string): Promise<void> {
  await buildNodeBench(root, folder, describeTree(root));
  copyDawn(folder);
  console.log(
    `${folder} holds all that a machine with Node 20 and a graphics driver needs: node ${NODE_BENCH} --json result.json`,
  );
}

async function compareTo(commit: string, { only, precision, rounds }: Options): Promise<void> {
  const { adapter, ratios, sameBench } = await compare(root, commit, { only, precision }, rounds, say);
  console.log(`${adapter}, ${rounds} alternating rounds\n\n${reportRatios(ratios, commit)}`);
  if (!sameBench) {
    console.log(`\nThe two measure differently: bench/ has changed since ${commit}. Read the changes first.`);
  }
}

function save(record: BenchRecord, json: string | undefined): void {
  const file = json ?? join(root, "bench", "results", fileNameOf(record));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  console.log(`\nWritten to ${file}`);
}
