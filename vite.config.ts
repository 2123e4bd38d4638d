import { defineConfig } from "vite";
import { assembly } from "./tools/assembly/plugin.ts";
import { contentSecurityPolicy } from "./tools/csp.ts";
import { highlight } from "./tools/highlight/plugin.ts";
import { oembed } from "./tools/oembed.ts";
import { serviceWorker } from "./tools/service-worker.ts";
import { assetFileNames } from "./tools/small-model-names.ts";

// The page. The element alone, for other people's pages, is built by vite.element.config.ts.
// The fixed address is a loopback: `npm start` serves this machine alone, and WebGPU counts it as secure.
export default defineConfig({
  base: "./",
  plugins: [highlight(), assembly(), contentSecurityPolicy(), oembed(), serviceWorker()],
  build: {
    target: "es2023",
    chunkSizeWarningLimit: 600, // the ranks of the tokenizer are 545 kB
    rolldownOptions: { output: { assetFileNames } },
  },
  worker: { format: "es", plugins: () => [assembly()] },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1" },
});
