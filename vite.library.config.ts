import { defineConfig } from "vite";
import packageJson from "./package.json" with { type: "json" };
import { assembly } from "./tools/assembly/plugin.ts";
import { highlight } from "./tools/highlight/plugin.ts";
import { assetFileNames } from "./tools/small-model-names.ts";

/** What the package depends on is installed next to it, not copied into it. */
const dependencies = Object.keys(packageJson.dependencies);
const isDependency = (id: string) => dependencies.some((name) => id === name || id.startsWith(`${name}/`));

/**
 * What `import "next-token"` finds in another project: plain ES modules in lib/. Shaders, WebAssembly and workers
 * are inside them, so that any bundler, and Node, can take them as they are. Their types come from tsconfig.library.json.
 */
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [highlight(), assembly()],
  build: {
    target: "es2023",
    outDir: "lib",
    minify: false, // the project that bundles it does that
    lib: {
      entry: { index: "src/index.ts", element: "src/ui/next-token.ts", config: "src/config.ts" },
      formats: ["es"],
    },
    rolldownOptions: {
      external: isDependency,
      output: { assetFileNames, chunkFileNames: "chunks/[name]-[hash].js" },
    },
  },
  worker: { format: "es", plugins: () => [assembly()] },
});
