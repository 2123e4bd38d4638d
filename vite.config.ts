import { defineConfig } from "vite";

// The page. The element alone, for other people's pages, is built by vite.element.config.ts.
export default defineConfig({
  base: "./",
  build: { target: "es2023" },
  worker: { format: "es" },
});
