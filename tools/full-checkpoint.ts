/**
 * A checkpoint as large as GPT-2 124M, made on the fly with weights from a random generator, through the whole way that
 * a visitor's takes: served on this machine, loaded in Chromium with `GPTModel.fromCheckpoint`, asked for 20 tokens.
 *
 *     npx tsx tools/full-checkpoint.ts            (548 MB in a temporary directory, some minutes)
 *
 * Prints what each load took. Fails unless the ids in f32 are those that PyTorch computed with the same file, and those
 * of a packed precision the same from wherever the file came. docs/reliability.md holds the last results.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { createServer, type Plugin } from "vite";
import { recipes } from "../src/test/checkpoint-recipes.ts";
import { assembly } from "./assembly/plugin.ts";
import { launchOptions } from "./browser.ts";
import { loadAndGenerate, type Precision, withPeak } from "./full-checkpoint/in-page.ts";
import { serveFile } from "./full-checkpoint/serve-file.ts";
import { makeCheckpoint } from "./make-checkpoint.ts";

const recipe = recipes["124M"]!;
const fixture = new URL("parity/fixtures/checkpoint-124M.json", import.meta.url);
const pytorch = JSON.parse(readFileSync(fixture, "utf8")) as {
  sha256: string;
  idx: number[][];
  generated: number[][];
};
const newTokens = pytorch.generated[0]!.length - pytorch.idx[0]!.length;

/** A page with nothing but a file input. */
const blankPage: Plugin = {
  name: "blank page",
  configureServer: ({ middlewares }) => {
    middlewares.use("/blank", (_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(
        '<!doctype html><title>blank</title><link rel="icon" href="data:," /><input type="file" />',
      );
    });
  },
};

const loads: readonly [what: string, precision: Precision, from?: "plain" | "prefixed"][] = [
  ["download", "f32", "plain"],
  ["from the cache", "f32", "plain"],
  ["local file", "f32"],
  ["download, names with transformer.", "f16", "prefixed"],
  ["local file", "f16"],
  ["from the cache", "int8", "plain"],
  ["local file", "int8"],
];

const browser = await chromium.launch(launchOptions());
const directory = mkdtempSync(join(tmpdir(), "full-checkpoint-"));
try {
  await loadAll(browser, directory);
} finally {
  await browser.close();
  rmSync(directory, { recursive: true });
}

async function loadAll(browser: Browser, directory: string): Promise<void> {
  const path = join(directory, "model.safetensors");
  const { bytes, sha256 } = await makeCheckpoint(recipe, directory);
  if (sha256 !== pytorch.sha256) throw new Error("PyTorch's numbers belong to another file.");
  const vite = await createServer({
    root: resolve(import.meta.dirname, ".."),
    configFile: false,
    cacheDir: join(directory, "vite"),
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
    plugins: [blankPage, assembly()],
    worker: { format: "es", plugins: () => [assembly()] },
  });
  const { server: files, ...urls } = await serveFile(path, bytes, recipe);
  try {
    await vite.listen();
    const said = new Map<Precision, string>([["f32", JSON.stringify(pytorch.generated)]]);
    const context = await browser.newContext();
    console.log("| load | precision | s | MB/s | most JavaScript memory | ids |\n|---|---|---|---|---|---|");
    for (const [what, precision, from] of loads) {
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${(vite.httpServer!.address() as AddressInfo).port}/blank`);
      await page.locator("input").setInputFiles(path);
      const asked = {
        url: from && urls[from],
        precision,
        n_heads: recipe.n_head,
        idx: pytorch.idx,
        newTokens,
      };
      const { result, peak } = await withPeak(page, () => loadAndGenerate(page, asked));
      const ids = JSON.stringify(result.ids);
      const before = said.get(precision) ?? ids;
      said.set(precision, before);
      if (ids !== before) throw new Error(`${what}, ${precision}: the ids are ${ids} instead of ${before}.`);
      const rate = (bytes / 1e6 / result.seconds).toFixed(0);
      const told = ids === said.get("f32") ? "PyTorch's" : "the same each time";
      console.log(
        `| ${what} | ${precision} | ${result.seconds.toFixed(1)} | ${rate} | ${(peak / 1e6).toFixed(0)} MB | ${told} |`,
      );
      await page.close();
    }
  } finally {
    await vite.close();
    files.close();
  }
}
