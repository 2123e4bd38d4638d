import { expect, test } from "@playwright/test";
import { soak } from "../tools/soak/soak.ts";

test("500 tokens in all the ways there are leave nothing behind", async ({ browser }, { outputDir }) => {
  const { bytes, buffers, heapSlope, tokens } = await soak(browser, 500, `${outputDir}/vite`);
  console.log(`soak: ${tokens} tokens, heap ${heapSlope.toFixed(0)} bytes more for each 1,000 tokens`);
  expect(bytes.before).toBeGreaterThan(0);
  expect(bytes.after).toBe(bytes.before);
  expect(buffers.before).toBeGreaterThan(0);
  expect(buffers.after).toBe(buffers.before);
  expect([bytes.gone, buffers.gone]).toEqual([0, 0]);
});
