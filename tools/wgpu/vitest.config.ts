import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { addressesOfFiles } from "../addresses-of-files.ts";
import { assembly } from "../assembly/plugin.ts";
import { excluded, included } from "./files.ts";

/** Whole models first: what takes longest must not begin last. */
class ModelsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isParity = ({ moduleId }: TestSpecification) => moduleId.includes(".parity.");
    const sorted = await super.sort(files);
    return [...sorted.filter(isParity), ...sorted.filter((file) => !isParity(file))];
  }
}

// The tests that run in Chromium, once more in Deno: `npm test -- wgpu` starts Vitest itself in it.
export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  plugins: [addressesOfFiles, assembly()],
  test: {
    name: "wgpu",
    environment: "node",
    include: included,
    exclude: excluded,
    provide: { newTokens: 10 }, // as many as the notebook prints
    allowOnly: false,
    pool: "forks",
    maxWorkers: Math.min(availableParallelism(), 4), // compiling takes most of the time, and a processor
    sequence: { sequencer: ModelsFirst },
    testTimeout: 5 * 60_000,
    hookTimeout: 5 * 60_000,
  },
});
