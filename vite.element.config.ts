import { defineConfig } from "vite";
import { assembly } from "./tools/assembly/plugin.ts";
import { highlight } from "./tools/highlight/plugin.ts";
import { assetFileNames } from "./tools/small-model-names.ts";

/**
 * The element <next-token> alone: dist/next-token.js, which any page can load with one script tag from any address.
 * What is not needed at once (the tokenizer's ranks, the workers) waits in dist/chunks/.
 * Built after the page, into the same folder.
 */
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [highlight(), assembly()],
  build: {
    target: "es2023",
    emptyOutDir: false,
    chunkSizeWarningLimit: 600, // the ranks are 545 kB
    lib: { entry: { "next-token": "src/ui/next-token.ts" }, formats: ["es"] },
    rolldownOptions: { output: { assetFileNames, chunkFileNames: "chunks/[name]-[hash].js" } },
  },
  worker: {
    format: "es",
    plugins: () => [assembly()],
    rolldownOptions: { output: { entryFileNames: "chunks/[name]-[hash].js" } },
  },
});
