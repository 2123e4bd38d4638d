import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { launchOptions } from "./tools/browser.ts";

/** Tests that need a GPU run in Chromium: kernels and model as *.gpu.test.ts, the notebook's numbers as *.parity.test.ts. */
const inChromium = (name: string, include: string) => ({
  test: {
    name,
    include: [include],
    testTimeout: 120_000,
    fileParallelism: false, // the software adapter shares the processor with us
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: launchOptions(),
      }),
      instances: [{ browser: "chromium" as const }],
    },
  },
});

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: ["{src,tools,bench}/**/*.test.ts"],
          exclude: ["**/*.{gpu,parity}.test.ts"],
        },
      },
      inChromium("gpu", "src/**/*.gpu.test.ts"),
      inChromium("parity", "src/**/*.parity.test.ts"),
    ],
  },
});
