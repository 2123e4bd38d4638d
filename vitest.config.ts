import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { addressesOfFiles } from "./tools/addresses-of-files.ts";
import { assembly } from "./tools/assembly/plugin.ts";
import { launchOptions } from "./tools/browser.ts";
import { quickToCompile } from "./tools/chromium-flags.ts";
import { highlight } from "./tools/highlight/plugin.ts";

/** Of the tests that run a model on a GPU all but these: they hold for the processor, too. */
const processorTests = ["src/{runtime,generate}/**/*.{gpu,parity}.test.ts"];
const ofWebGpu = {
  "src/runtime/self-test.gpu.test.ts": "shaders that are wrong",
  "src/runtime/decode-context.gpu.test.ts": "pipelines and submissions",
  "src/runtime/load-weights.gpu.test.ts": "a GPU that computes wrongly",
  "src/runtime/split-tensors.gpu.test.ts": "an adapter that binds little",
  "src/runtime/shared-weights.gpu.test.ts": "the page's GPU",
  "src/runtime/published-self-test.gpu.test.ts": "a browser's cache",
  "src/generate/default-limits.parity.test.ts": "an adapter that offers little",
};

/** Tests that need a GPU run in Chromium: *.gpu.test.ts hold kernels and model, *.parity.test.ts the notebook's numbers. */
const inChromium = (name: string, minutes: number) => ({
  plugins: [highlight(), assembly()],
  worker: { format: "es" as const, plugins: () => [assembly()] },
  // Bundled before the first test: Vite would reload the page when it meets them in the middle of one.
  optimizeDeps: {
    include: [
      "@noble/hashes/sha2.js",
      "@noble/hashes/utils.js",
      "js-tiktoken/lite",
      "js-tiktoken/ranks/gpt2",
      "lit",
      "lit/decorators.js",
      "fast-check",
    ],
  },
  test: {
    name,
    include: [`src/**/*.${name}.test.ts`],
    testTimeout: minutes * 60_000,
    hookTimeout: minutes * 60_000,
    fileParallelism: false, // the software adapter already takes every processor
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      api: { host: "127.0.0.1" },
      provider: playwright({ launchOptions: launchOptions(quickToCompile) }),
      instances: [{ browser: "chromium" as const }],
    },
  },
});

/** The built page in a browser that is not Chromium: `npm run build` comes first. */
const inAnotherBrowser = (name: string) => ({
  test: {
    name,
    environment: "node",
    include: [`e2e/${name}/*.test.ts`],
    globalSetup: "e2e/every-browser/setup.ts",
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false, // what computes takes every processor
  },
});

export default defineConfig({
  test: {
    allowOnly: false,
    projects: [
      {
        plugins: [highlight(), assembly()],
        test: {
          name: "unit",
          globalSetup: "tools/assembly/compile-all.ts",
          environment: "node",
          include: ["{src,tools,bench}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/*.{gpu,parity}.test.ts"],
          testTimeout: 20_000, // other work of the machine may slow a test down
          maxWorkers: "100%", // one is left free otherwise, which of two is half
        },
      },
      // The package in other people's projects: `npm run build` comes first.
      {
        test: {
          name: "package",
          include: ["e2e/package/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      inAnotherBrowser("firefox"),
      inAnotherBrowser("webkit"),
      {
        plugins: [addressesOfFiles, assembly()],
        test: {
          globalSetup: "tools/assembly/compile-all.ts",
          name: "processor", // the model's own tests where there is no WebGPU, and so on the processor
          environment: "node",
          include: processorTests,
          exclude: Object.keys(ofWebGpu),
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: "100%",
        },
      },
      inChromium("gpu", 2),
      inChromium("parity", 5),
    ],
  },
});
