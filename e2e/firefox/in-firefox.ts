import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe } from "vitest";
import {
  type FirefoxOptions,
  findFirefox,
  gpuEnvironment,
  launchFirefox,
  whatIsMissing,
} from "../../tools/firefox.ts";

const firefox = findFirefox();

/** Tests in a Firefox that has WebGPU. Where this machine lacks what that takes they are skipped, and counted as such. */
export function withWebGpu(
  title: string,
  options: FirefoxOptions,
  tests: (browser: () => Browser) => void,
): void {
  describe.skipIf(whatIsMissing(firefox))(title, () => tests(starting(gpuEnvironment(), options)));
}

/** Tests in a Firefox that has none: it is told not to. */
export function withoutWebGpu(
  title: string,
  options: FirefoxOptions,
  tests: (browser: () => Browser) => void,
): void {
  describe.skipIf(!firefox)(title, () => tests(starting(undefined, options)));
}

/** One browser for all tests of a suite. One that is there and does not start is a failure. */
function starting(device: Record<string, string> | undefined, options: FirefoxOptions): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchFirefox(firefox!, device, options);
  });
  afterAll(() => browser.close());
  return () => browser;
}
