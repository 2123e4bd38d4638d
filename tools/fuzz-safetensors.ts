/**
 * Opens many checkpoint files that each differ from a valid one in one thing:
 *
 *     npx tsx tools/fuzz-safetensors.ts [--runs 1000000] [--seed N] [--format pytorch]
 *
 * They are of safetensors, or of torch.save. Each must be refused by a rule with a name, or keep every promise of the format. Prints how many each rule refused.
 */
import { parseArgs } from "node:util";
import { fuzzCheckpoints } from "../src/test/fuzz-checkpoints.ts";
import { fuzzPyTorch } from "../src/test/fuzz-pytorch.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    seed: { type: "string" },
    format: { type: "string", default: "safetensors" },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
console.log(`${runs} mutated files, seed ${seed}`);
const start = performance.now();
const verdicts = await (values.format === "pytorch" ? fuzzPyTorch : fuzzCheckpoints)(runs, seed);
for (const [verdict, count] of [...verdicts].toSorted((a, b) => b[1] - a[1]))
  console.log(`${String(count).padStart(8)}  ${verdict}`);
const { rss } = process.memoryUsage();
console.log(
  `every file refused by a rule or still a checkpoint; ${((performance.now() - start) / 1000).toFixed(1)} s, ${(rss / 2 ** 20).toFixed(0)} MiB`,
);
