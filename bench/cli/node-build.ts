import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { assembly } from "../../tools/assembly/plugin.ts";
import { dawnFolder } from "../node/dawn-files.ts";

export const NODE_BENCH = "bench-node.mjs";

/** Bundles bench/node/main.ts, shaders and all, into the one file `outDir`/bench-node.mjs. */
export async function buildNodeBench(tree: string, outDir: string, commit: string): Promise<void> {
  await build({
    configFile: false,
    root: tree,
    publicDir: false,
    plugins: [assembly()],
    logLevel: "warn",
    define: { "import.meta.env.COMMIT": JSON.stringify(commit) },
    build: {
      ssr: "bench/node/main.ts",
      outDir,
      emptyOutDir: false, // a folder of yours, with --pack
      target: "node20",
      rolldownOptions: { output: { entryFileNames: NODE_BENCH, codeSplitting: false } },
    },
    ssr: { noExternal: true },
    worker: { format: "es", plugins: () => [assembly()] },
  });
}

/** Puts Dawn beside the bundle: with these files, a machine needs Node and a graphics driver alone. */
export function copyDawn(outDir: string): void {
  const from = dawnFolder();
  for (const file of readdirSync(from)) copyFileSync(join(from, file), join(outDir, file));
}

/** Runs the bundle, which prints its report. Throws when it fails. */
export function runNodeBench(outDir: string, args: readonly string[]): void {
  const { status, signal } = spawnSync(process.execPath, [join(outDir, NODE_BENCH), ...args], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`The benchmark in Node ended with ${signal ?? `exit code ${status}`}.`);
}
