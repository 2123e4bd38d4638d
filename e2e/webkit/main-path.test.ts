import { afterAll, beforeAll, describe, inject } from "vitest";
import { findWebKit, launchWebKit, type RunningWebKit } from "../../tools/webkit.ts";
import { mainPath } from "../every-browser/main-path.ts";
import { PageInWebKit } from "./page-in-webkit.ts";

const webkit = findWebKit();

describe.skipIf(!webkit)("WebKit, which has no WebGPU here", () => {
  let browser: RunningWebKit;
  beforeAll(async () => {
    browser = await launchWebKit(webkit!);
  });
  afterAll(() => browser.close());

  mainPath({
    open: (hash = "") => PageInWebKit.open(browser, `${inject("address")}${hash}`),
    looks: "webkit",
    computes: "processor",
    hasFocus: false, // nobody manages the windows of its display
  });
});
