import { expect, test } from "vitest";
import { fuzzPyTorch } from "../../../test/fuzz-pytorch.ts";

// More of it: npx tsx tools/fuzz-safetensors.ts --format pytorch --runs 1000000
const runs = Number(process.env.FUZZ_RUNS ?? 5_000);
const seed = Number(process.env.FUZZ_SEED ?? 20_240_229);

test("a file of torch.save with something changed is refused by a rule, or is a checkpoint still", {
  timeout: 600_000,
}, async () => {
  const before = process.memoryUsage().rss;
  const verdicts = await fuzzPyTorch(runs, seed);
  const growth = (process.memoryUsage().rss - before) / 2 ** 20;
  const table = [...verdicts]
    .toSorted((a, b) => b[1] - a[1])
    .map(([verdict, count]) => `${verdict} ${count}`);
  console.log(
    `${runs} changed files, seed ${seed}, memory grew by ${growth.toFixed(0)} MiB: ${table.join(", ")}`,
  );
  expect([...verdicts.values()].reduce((sum, count) => sum + count, 0)).toBe(runs);
  expect(verdicts.size).toBeGreaterThan(18);
});
