import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { build } from "vite";
import { assembly } from "../../tools/assembly/plugin.ts";
import { launch } from "../cli/in-chromium.ts";
import { describeTree } from "../cli/page-build.ts";
import { notebook } from "../measure/fixture.ts";
import { reportBeside } from "./report.ts";
import { serve } from "./serve.ts";
import type { TimedRun } from "./timed-run.ts";

// bench/peers/README.md says what this measures.

const here = import.meta.dirname;
const ortPackage = join(here, "node_modules", "onnxruntime-web");
const ROUNDS = 2;
/** After each prompt: one from the prefill, the rest decoded. */
const TOKENS = 3;
const { vocab_size } = notebook.config;
const prompts = [notebook.prompt[0]!, Array.from({ length: 64 }, (_, i) => (i * 7919) % vocab_size)];

const say = (what: string) => console.error(`... ${what}`);

if (!existsSync(ortPackage)) throw new Error("Run npm ci --prefix bench/peers first.");
const temporary = mkdtempSync(join(tmpdir(), "next-token-peers-"));
try {
  await compareIn(temporary);
} finally {
  rmSync(temporary, { recursive: true });
}

async function compareIn(folder: string): Promise<void> {
  say("write the model as an ONNX file, and ask PyTorch what it says");
  const expected = makeModel(folder);
  say("build the pages");
  const pages = join(folder, "pages");
  await buildPages(pages);
  const server = await serve({ pages, model: folder, ort: join(ortPackage, "dist") });
  try {
    const browser = await launch();
    try {
      await compareOn(browser, server.url, expected);
    } finally {
      await browser.close();
    }
  } finally {
    server.close();
  }
}

async function compareOn(browser: Browser, url: string, expected: number[][]): Promise<void> {
  const ours = await open(browser, `${url}pages/ours.html`);
  const peer = await open(browser, `${url}pages/onnxruntime.html`);

  say("check the ids of both, which also warms them up");
  for (const [i, prompt] of prompts.entries())
    for (const side of [ours, peer]) await timeSide(side, prompt, expected[i]!);

  const runs = { ours: [] as TimedRun[], peer: [] as TimedRun[] };
  for (let round = 1; round <= ROUNDS; round++)
    for (const [i, prompt] of prompts.entries()) {
      say(`round ${round}, ${prompt.length} tokens`);
      runs.ours.push(await timeSide(ours, prompt, expected[i]!));
      runs.peer.push(await timeSide(peer, prompt, expected[i]!));
    }

  const { version } = JSON.parse(readFileSync(join(ortPackage, "package.json"), "utf8")) as {
    version: string;
  };
  console.log(`Chromium ${browser.version()}
next-token ${describeTree(join(here, "..", ".."))} on ${ours.adapter}
onnxruntime-web ${version}, WebGPU, on ${peer.adapter}

${reportBeside(runs.ours, runs.peer)}`);
}

/** Writes `folder`/model.onnx. Returns the ids that PyTorch appends to each prompt. */
function makeModel(folder: string): number[][] {
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  execFileSync(python, [join(here, "make-onnx.py"), folder], {
    input: JSON.stringify({ prompts, tokens: TOKENS }),
    stdio: ["pipe", "inherit", "inherit"],
  });
  const said = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as { ids: number[] }[];
  return said.map(({ ids }) => ids);
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
      rolldownOptions: { input: [join(here, "ours.html"), join(here, "onnxruntime.html")] },
    },
    worker: { format: "es", plugins: () => [assembly()] },
  });
}

interface Opened {
  page: Page;
  adapter: string;
}

async function open(browser: Browser, url: string): Promise<Opened> {
  say(`open ${url}`);
  const page = await browser.newPage();
  page.on("console", (message) => say(message.text()));
  await page.goto(url);
  await page.waitForFunction(() => typeof window.__open === "function");
  return { page, adapter: await page.evaluate(() => window.__open()) };
}

/** Throws when the side says other ids than PyTorch: a kernel can be fast by being wrong. */
async function timeSide({ page }: Opened, prompt: number[], expected: number[]): Promise<TimedRun> {
  const run = await page.evaluate(([prompt, tokens]) => window.__timeRun(prompt, tokens), [
    prompt,
    expected.length,
  ] as const);
  if (JSON.stringify(run.ids) !== JSON.stringify(expected))
    throw new Error(`${page.url()} says ${run.ids} after ${prompt.length} tokens, PyTorch ${expected}.`);
  return run;
}
