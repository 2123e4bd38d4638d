import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { buildPage, servePage } from "../bench/cli/page-build.ts";
import type { BenchOptions, BenchResult, Fixture } from "../bench/measure/result.ts";
import small from "../tools/parity/small.json" with { type: "json" };

// The benchmark's page on a model so small that its figures mean nothing, and come at once.

const { seed, config, idx, causal } = small[0]!;
const prompt = [idx[0]!];
const fixture: Fixture = {
  seed,
  config,
  prompt,
  ids: causal.generated[0]!.slice(prompt[0]!.length, prompt[0]!.length + 10),
  text: [causal.generated[0]!.slice(0, config.context_length)],
};

let outDir: string;
let server: Awaited<ReturnType<typeof servePage>>;

test.beforeAll(async () => {
  outDir = mkdtempSync(join(tmpdir(), "next-token-bench-"));
  await buildPage(resolve(import.meta.dirname, ".."), outDir);
  server = await servePage(outDir);
});

test.afterAll(async () => {
  await server.close();
  rmSync(outDir, { recursive: true });
});

async function bench(page: Page, options: BenchOptions): Promise<BenchResult> {
  await page.goto(server.url);
  return page.evaluate((given) => window.__bench(given), options);
}

test("the bench page measures every figure that the model has room for", async ({ page }) => {
  const result = await bench(page, { fixture });
  expect(result.ids).toEqual(fixture.ids);
  expect(result.ids_ok).toBe(true);
  for (const figure of ["load_ms", "first_token_ms", "prefill4_ms", "decode_ms_per_token"] as const) {
    expect(result[figure], figure).toBeGreaterThan(0);
  }
  // 32 tokens are all that this model looks at.
  expect([result.prefill64_ms, result.decode256_ms_per_token]).toEqual([null, null]);
  expect(result.samples.decode_ms_per_token?.n).toBeGreaterThanOrEqual(5);

  const { kernels, dispatches_per_token, bytes_per_token } = result;
  expect(kernels.reduce((sum, { dispatches }) => sum + dispatches, 0)).toBe(dispatches_per_token);
  expect(kernels.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bytes_per_token);
  expect(bytes_per_token).toBe(bytesOfAToken(16));
});

test("the bench page times nothing when the ids are wrong", async ({ page }) => {
  const wrong = { ...fixture, ids: fixture.ids.with(3, fixture.ids[3]! ^ 1) };
  const result = await bench(page, { fixture: wrong });
  expect(result.ids_ok).toBe(false);
  expect(result.ids).toEqual(fixture.ids);
  expect(result.decode_ms_per_token).toBeNull();
  expect(result.prefill4_ms).toBeNull();
  expect(result.kernels).toEqual([]);
});

test("the bench page runs the section that is asked for", async ({ page }) => {
  const result = await bench(page, { fixture, only: ["prefill"] });
  expect(result.prefill4_ms).toBeGreaterThan(0);
  expect(result.decode_ms_per_token).toBeNull();
});

/** What a token must read at a context of `past` tokens: every parameter once, of the tables a row, and the cache. */
function bytesOfAToken(past: number): number {
  const { vocab_size, context_length, emb_dim, n_layers } = config;
  const parameters = small[0]!.weights.reduce(
    (sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1),
    0,
  );
  const unread = (vocab_size - 1 + context_length - 1) * emb_dim;
  return 4 * (parameters - unread + 2 * n_layers * (past + 1) * emb_dim);
}
