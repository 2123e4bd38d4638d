import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchOptions, BenchResult } from "../measure/result.ts";
import { benchInPage, launch } from "./in-chromium.ts";
import { buildPage, servePage } from "./page-build.ts";
import { type Ratio, ratios } from "./ratios.ts";

export interface Comparison {
  adapter: string;
  ratios: Ratio[];
  /** Whether the two trees measure alike. */
  sameBench: boolean;
}

/**
 * Measures `commit` and the tree at `root` alternately, each time in a fresh page of one browser, so that whatever else
 * the machine does falls on both. Each tree brings its own bench page. Throws when either has the ids wrong.
 */
export async function compare(
  root: string,
  commit: string,
  options: BenchOptions,
  rounds: number,
  onProgress: (what: string) => void,
): Promise<Comparison> {
  const scratch = mkdtempSync(join(tmpdir(), "next-token-compare-"));
  const before = join(scratch, "tree");
  const sides = [
    { name: commit, tree: before, outDir: join(scratch, "before"), results: [] as BenchResult[] },
    { name: "working tree", tree: root, outDir: join(scratch, "after"), results: [] as BenchResult[] },
  ] as const;
  try {
    checkOut(root, commit, before);
    for (const { tree, outDir } of sides) await buildPage(tree, outDir);
    const browser = await launch();
    const servers: Awaited<ReturnType<typeof servePage>>[] = [];
    try {
      for (const { outDir } of sides) servers.push(await servePage(outDir));
      for (let round = 1; round <= rounds; round++) {
        for (const [i, { name, results }] of sides.entries()) {
          const say = (what: string) => onProgress(`${name}, round ${round}: ${what}`);
          const result = await benchInPage(browser, servers[i]!.url, options, say);
          if (!result.ids_ok)
            throw new Error(`The ids of ${name} are wrong (${result.ids}): nothing is compared.`);
          results.push(result);
        }
      }
    } finally {
      await browser.close();
      await Promise.all(servers.map((server) => server.close()));
    }
    return {
      adapter: sides[0].results[0]!.adapter,
      ratios: ratios(sides[0].results, sides[1].results),
      sameBench: benchIsSame(root, commit),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Writes the files of `commit` to `tree`, with the dependencies that are installed here. */
function checkOut(root: string, commit: string, tree: string): void {
  mkdirSync(tree);
  const files = execFileSync("git", ["archive", commit], { cwd: root, maxBuffer: 1e9 });
  execFileSync("tar", ["-x", "-C", tree], { input: files });
  if (!existsSync(join(tree, "bench", "index.html"))) {
    throw new Error(`${commit} has no bench page. Compare to a commit that has bench/index.html.`);
  }
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"), "dir");
}

/** What decides how something is measured, the roofline's own kernels among it. */
const measuring = [
  "bench/measure",
  "shaders/bandwidth/sum-register.wgsl",
  "shaders/bandwidth/sum-coalesced.wgsl",
  "src/gpu/dispatch-timer.ts",
  "src/kernels/bytes.ts",
  "src/kernels/streaming.ts",
  "src/kernels/sums.ts",
];

function benchIsSame(root: string, commit: string): boolean {
  const changed = execFileSync("git", ["diff", "--name-only", commit, "--", ...measuring], {
    cwd: root,
    encoding: "utf8",
  });
  return changed.trim() === "";
}
