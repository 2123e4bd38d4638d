import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { build, preview } from "vite";
import { assembly } from "../../tools/assembly/plugin.ts";

/** Builds the bench page of the source tree at `tree`, as it would be served: what is timed is no development server. */
export async function buildPage(tree: string, outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: join(tree, "bench"),
    base: "./",
    publicDir: false,
    plugins: [assembly()],
    logLevel: "warn",
    build: { outDir, emptyOutDir: true, target: "es2023" },
    worker: { format: "es", plugins: () => [assembly()] },
  });
}

/** With these a page is isolated from others, and may share memory with its workers. */
const isolating = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Serves what `buildPage` wrote, to this machine alone. */
export async function servePage(
  outDir: string,
  isolated = false,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = await preview({
    configFile: false,
    logLevel: "warn",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0, headers: isolated ? isolating : {} },
  });
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}

/** The source tree as git names it: the commit, and whether files differ from it. */
export function describeTree(tree: string): string {
  return execFileSync("git", ["describe", "--always", "--dirty"], { cwd: tree, encoding: "utf8" }).trim();
}
