import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "@playwright/test";
import { build } from "vite";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { assembly } from "../../tools/assembly/plugin.ts";
import { launch } from "../cli/in-chromium.ts";
import { describeTree } from "../cli/page-build.ts";
import { reportBeside } from "./report.ts";
import { ALONE, serve } from "./serve.ts";
import type { TimedRun } from "./timed-run.ts";
import { vocabularyFiles } from "./vocabulary-files.ts";

// bench/peers/README.md says what this measures.

const here = import.meta.dirname;
const packages = join(here, "node_modules");
/** Of 4 tokens and of 64. */
const texts = [
  "Hello, I am",
  "Every effort moves you forward, and every day holds a lesson: the smallest step counts. ".repeat(4).trim(),
];
const tokenizer = await loadTokenizer();
const prompts = texts.map((text) => tokenizer.encode(text).slice(0, 64));

/** Sides that take turns, ours first. */
interface Comparison {
  /** Of the processor; undefined on the GPU. */
  threads?: number;
  peers: ("onnxruntime-web" | "wllama")[];
  rounds: number;
  /** After each prompt: one from the prefill, the rest decoded. */
  tokens: number;
}

const onGpu: Comparison[] = [{ peers: ["onnxruntime-web"], rounds: 2, tokens: 3 }];
const onProcessor: Comparison[] = [1, 2].map((threads) => ({
  threads,
  peers: ["wllama", "onnxruntime-web"],
  rounds: 5,
  tokens: 9,
}));

const { device } = parseArgs({ options: { device: { type: "string", default: "gpu" } } }).values;
if (device !== "gpu" && device !== "cpu") throw new Error("--device is gpu or cpu.");
const comparisons = device === "gpu" ? onGpu : onProcessor;

const say = (what: string) => console.error(`... ${what}`);

if (!existsSync(packages)) throw new Error("Run npm ci --prefix bench/peers first.");
const temporary = mkdtempSync(join(tmpdir(), "next-token-peers-"));
try {
  await compareIn(temporary);
} finally {
  rmSync(temporary, { recursive: true });
}

async function compareIn(folder: string): Promise<void> {
  const most = Math.max(...comparisons.map(({ tokens }) => tokens));
  say("write the model as files of the peers, and ask PyTorch what it says");
  python("make-onnx.py", folder, { prompts, tokens: most });
  if (device === "cpu") python("make-gguf.py", folder, await vocabularyFiles());
  const said = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as { ids: number[] }[];
  say("build the pages");
  const pages = join(folder, "pages");
  await buildPages(pages);
  const server = await serve({
    pages,
    [ALONE]: pages,
    model: folder,
    ort: join(packages, "onnxruntime-web", "dist"),
    wllama: join(packages, "@wllama", "wllama", "esm"),
  });
  try {
    for (const comparison of comparisons) {
      const expected = said.map(({ ids }) => ids.slice(0, comparison.tokens));
      const browser = await launch();
      try {
        await compareOn(browser, server.url, comparison, expected);
      } finally {
        await browser.close();
      }
    }
  } finally {
    server.close();
  }
}

async function compareOn(
  browser: Browser,
  url: string,
  { threads, peers, rounds }: Comparison,
  expected: number[][],
): Promise<void> {
  const ours = await open(browser, `${url}${threads === 1 ? ALONE : "pages"}/side.html?ours`, threads);
  const sides = [ours];
  for (const peer of peers)
    sides.push(
      await open(browser, `${url}pages/side.html?${peer === "wllama" ? peer : "onnxruntime"}`, threads),
    );

  say("check the ids of all, which also warms them up");
  for (const [i, prompt] of prompts.entries())
    for (const side of sides) await timeSide(side, prompt, expected[i]!);

  const runs = sides.map((): TimedRun[] => []);
  for (let round = 1; round <= rounds; round++)
    for (const [i, prompt] of prompts.entries()) {
      say(`round ${round}, ${prompt.length} tokens`);
      for (const [s, side] of sides.entries()) runs[s]!.push(await timeSide(side, prompt, expected[i]!));
    }

  const [first = [], ...others] = runs;
  const named = peers.map((peer, p) => [`${peer} ${version(peer)}`, others[p]!] as const);
  console.log(`
Chromium ${browser.version()}, next-token ${describeTree(join(here, "..", ".."))} on ${sides[0]!.device}; ${sides
    .slice(1)
    .map(({ device }, p) => `${peers[p]} on ${device}`)
    .join(", ")}

${reportBeside(first, Object.fromEntries(named))}`);
}

function version(peer: Comparison["peers"][number]): string {
  const folder = peer === "wllama" ? "@wllama/wllama" : peer;
  return JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8")).version;
}

/** Runs a program of this folder, which writes into `folder` what it makes of `input`. */
function python(program: string, folder: string, input: unknown): void {
  execFileSync(process.env.PYTHON ?? "/usr/bin/python3", [join(here, program), folder], {
    input: JSON.stringify(input),
    stdio: ["pipe", "inherit", "inherit"],
  });
}

async function buildPages(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: here,
    base: "./",
    publicDir: false,
    plugins: [assembly()],
    logLevel: "warn",
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2023",
      rolldownOptions: { input: join(here, "side.html") },
    },
    worker: { format: "es", plugins: () => [assembly()] },
  });
}

interface Opened {
  page: Page;
  device: string;
}

async function open(browser: Browser, url: string, threads: number | undefined): Promise<Opened> {
  say(`open ${url}`);
  const page = await browser.newPage();
  page.on("console", (message) => say(message.text()));
  await page.goto(url);
  await page.waitForFunction(() => typeof window.__open === "function");
  return { page, device: await page.evaluate((threads) => window.__open(threads), threads) };
}

/** Throws when the side says other ids than PyTorch: a kernel can be fast by being wrong. */
async function timeSide({ page }: Opened, prompt: number[], expected: number[]): Promise<TimedRun> {
  const run = await page.evaluate(([prompt, tokens, text]) => window.__timeRun(prompt, tokens, text), [
    prompt,
    expected.length,
    tokenizer.decode(prompt),
  ] as const);
  if (JSON.stringify(run.ids) !== JSON.stringify(expected))
    throw new Error(`${page.url()} says ${run.ids} after ${prompt.length} tokens, PyTorch ${expected}.`);
  return run;
}
