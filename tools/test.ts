import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findAdapter } from "./adapter.ts";
import { findOrInstallChromium } from "./browser.ts";
import { findOrInstallFirefox, whatIsMissing } from "./firefox.ts";
import { lastLine, readCounts, type TestCounts, whyFailed } from "./test-counts.ts";
import { findOrInstallWebKit, whyNoWebKit } from "./webkit.ts";
import { denoEnvironment, denoRun, findOrInstallDeno, wgpuAdapter } from "./wgpu/deno.ts";
import { testFiles } from "./wgpu/files.ts";

// `npm test`: everything that must hold, one stage after the other, up to the first that fails.
// `npm test -- unit gpu` runs only these stages and what they need.

interface Stage {
  name: string;
  what: string;
  needs?: string[];
  /** Throws when the stage fails. */
  run: () => void | Promise<void>;
}

const inBrowser = ["browser", "adapter"];
const stages: Stage[] = [
  { name: "browser", what: "find a Chromium, or install one", run: browser },
  { name: "adapter", what: "ask it for a WebGPU adapter", needs: ["browser"], run: adapter },
  { name: "check", what: "style, types, layers", run: () => npmRun("check") },
  { name: "unit", what: "what runs without a GPU", run: () => vitest("unit") },
  { name: "processor", what: "the model where there is no GPU", run: () => vitest("processor") },
  { name: "gpu", what: "kernels and model in Chromium", needs: inBrowser, run: () => vitest("gpu") },
  { name: "parity", what: "the notebook's numbers", needs: inBrowser, run: () => vitest("parity") },
  { name: "wgpu", what: "kernels and model in Deno, on Firefox's engine", needs: ["browser"], run: wgpu },
  { name: "build", what: "the page, the element, the package", run: () => npmRun("build") },
  { name: "package", what: "the package in other projects", needs: ["build"], run: () => vitest("package") },
  { name: "e2e", what: "the page as a person uses it", needs: [...inBrowser, "build"], run: playwright },
  { name: "firefox", what: "the same page in Firefox", needs: ["browser", "build"], run: firefox },
  { name: "webkit", what: "the same page in WebKit, which has no WebGPU", needs: ["build"], run: webkit },
];

const root = resolve(import.meta.dirname, "..");
const reports = mkdtempSync(join(tmpdir(), "next-token-test-"));
const vitestCli = "node_modules/vitest/vitest.mjs";
const stageTimeout = 35 * 60_000; // the last resort against one that hangs
const total: TestCounts = { passed: 0, failed: 0, skipped: 0 };

process.exitCode = await main(process.argv.slice(2));
rmSync(reports, { recursive: true });

async function main(names: string[]): Promise<number> {
  const known = stages.map(({ name }) => name);
  if (names.some((name) => !known.includes(name))) {
    console.error(`Usage: npm test [-- stage ...], where a stage is one of: ${known.join(", ")}.`);
    return 2;
  }
  const needed = stages.filter(({ name }) => names.includes(name)).flatMap(({ needs = [] }) => needs);
  const wanted = stages.filter(({ name }) => names.length === 0 || [...names, ...needed].includes(name));

  const durations: string[] = [];
  for (const [done, { name, what, run }] of wanted.entries()) {
    console.log(`\n=== ${name}: ${what}`);
    const start = performance.now();
    const before = { ...total };
    const failure = await reasonItFailed(run);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    durations.push(`${name} ${seconds} s`);
    const isNotRun = total.passed === before.passed && total.skipped > before.skipped;
    const outcome = failure !== undefined ? "FAILED" : isNotRun ? "was not run, and ended" : "passed";
    console.log(`--- ${name} ${outcome} after ${seconds} s`);
    if (failure !== undefined) {
      const left = wanted.slice(done + 1).map((stage) => stage.name);
      console.error(`\n${failure}${left.length > 0 ? `\nNot run: ${left.join(", ")}.` : ""}`);
      break;
    }
  }
  console.log(`\n${durations.join(", ")}`);
  console.log(lastLine(total));
  return total.failed > 0 ? 1 : 0;
}

/** Runs a stage. One that fails without a failed test of its own counts as one. */
async function reasonItFailed(run: Stage["run"]): Promise<string | undefined> {
  const failedBefore = total.failed;
  try {
    await run();
    return undefined;
  } catch (error) {
    if (total.failed === failedBefore) total.failed++;
    return error instanceof Error ? error.message : String(error);
  }
}

function browser(): void {
  const path = findOrInstallChromium();
  process.env.NEXT_TOKEN_BROWSER = path; // the stages below use the same one
  console.log(path);
}

async function adapter(): Promise<void> {
  const { vendor, architecture, description, isFallbackAdapter } = await findAdapter();
  const kind = isFallbackAdapter ? "a GPU in software" : "a real GPU";
  console.log([vendor, architecture, description].filter(Boolean).join(" "), `(${kind})`);
}

function npmRun(script: string): void {
  const { status } = spawnSync(`npm run --silent ${script}`, {
    cwd: root,
    shell: true,
    stdio: "inherit",
    timeout: stageTimeout,
  });
  if (status !== 0) throw new Error(`npm run ${script} did not succeed.`);
}

/** Where there is no Firefox, or none with a GPU, its tests are skipped: they say so, and are counted. */
function firefox(): void {
  const path = findOrInstallFirefox();
  if (path) {
    process.env.NEXT_TOKEN_FIREFOX = path;
    console.log(path);
  }
  const missing = whatIsMissing(path);
  if (missing) console.log(`not run: Firefox. ${missing}`);
  vitest("firefox", missing !== undefined);
}

/** Where there is none its tests are skipped: they say so, and are counted. */
function webkit(): void {
  const missing = whyNoWebKit(findOrInstallWebKit());
  if (missing) console.log(`not run: WebKit. ${missing}`);
  vitest("webkit", missing !== undefined);
}

/**
 * The tests of the layers that talk to WebGPU, in another implementation of it. What needs a feature that it has not is
 * skipped and counted; where there is no Deno, or no GPU for it, every file counts as skipped.
 */
function wgpu(): void {
  const { taken, ofThePage, leftOut } = testFiles();
  const deno = findOrInstallDeno();
  const adapter = deno && wgpuAdapter(deno);
  if (!adapter) {
    const missing = deno ? "Deno found no adapter." : "Deno was not there, and could not be installed.";
    console.log(`not run: wgpu, ${taken.length} files. ${missing}`);
    total.skipped += taken.length;
    return;
  }
  console.log(`${adapter}, by Deno: ${taken.length} files of tests.`);
  console.log(`${ofThePage.length} are of the page. Left out for time: ${leftOut.join(", ")}.`);
  const report = join(reports, "wgpu.json");
  const command = [deno, ...denoRun, vitestCli, "run", "--config=tools/wgpu/vitest.config.ts"];
  runTests(report, [...command, ...reporters(report)], { env: denoEnvironment(), maySkip: true });
}

function reporters(report: string): string[] {
  return ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
}

/** @param maySkip whether a skipped test is no failure */
function vitest(project: string, maySkip = false): void {
  const report = join(reports, `${project}.json`);
  const command = [process.execPath, vitestCli, "run", `--project=${project}`];
  runTests(report, [...command, ...reporters(report)], { maySkip });
}

function playwright(): void {
  const report = join(reports, "e2e.json");
  const command = [process.execPath, "node_modules/@playwright/test/cli.js", "test", "--reporter=list,json"];
  runTests(report, command, { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report } });
}

function runTests(
  report: string,
  [program = "", ...args]: string[],
  { env = {}, maySkip = false }: { env?: Record<string, string>; maySkip?: boolean },
): void {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "inherit",
    timeout: stageTimeout,
  });
  const counts = readCounts(report);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const reason = whyFailed(error ? null : status, counts, maySkip);
  if (reason) throw new Error(reason);
}
