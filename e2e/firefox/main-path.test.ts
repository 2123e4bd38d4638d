import { inject } from "vitest";
import { mainPath } from "../every-browser/main-path.ts";
import { withoutWebGpu, withWebGpu } from "./in-firefox.ts";
import { PageInFirefox } from "./page-in-firefox.ts";

withWebGpu("Firefox", {}, (browser) =>
  mainPath({
    open: (hash = "") => PageInFirefox.open(browser(), `${inject("address")}${hash}`),
    looks: "firefox",
    computes: "GPU",
    hasFocus: true,
  }),
);

withoutWebGpu("Firefox as Debian has it, without WebGPU, in the dark", { dark: true }, (browser) =>
  mainPath({
    open: (hash = "") => PageInFirefox.open(browser(), `${inject("address")}${hash}`),
    looks: "firefox-without-webgpu",
    computes: "processor",
    hasFocus: true,
  }),
);
