import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gpuEnvironment } from "../firefox.ts";
import { runs } from "../programs.ts";

// Deno, whose WebGPU is wgpu and naga, as Firefox's is.

const webGpu = "--unstable-webgpu";

/** Runs a program of JavaScript, with all rights, and with WebGPU. */
export const denoRun = [`run`, "--allow-all", "--quiet", webGpu];

/** The Deno that is installed in `folder`, in the version that its package.json names; undefined where there is none that runs. */
export function findDeno(folder = import.meta.dirname): string | undefined {
  const { dependencies } = readJson(join(folder, "package.json"));
  const installed = join(folder, "node_modules/deno/package.json");
  if (!existsSync(installed) || readJson(installed).version !== dependencies.deno) return undefined;
  // One package for each kind of machine, and npm installs the one that fits.
  const programs = join(folder, "node_modules/@deno");
  const name = process.platform === "win32" ? "deno.exe" : "deno";
  const kinds = existsSync(programs) ? readdirSync(programs) : [];
  return kinds.map((kind) => join(programs, kind, name)).find(runs);
}

/** The same, after an attempt to install it beside its own lockfile. */
export function findOrInstallDeno(folder = import.meta.dirname): string | undefined {
  const found = findDeno(folder);
  if (found) return found;
  console.log("Installing Deno.");
  const timeout = 240_000;
  spawnSync("npm ci --ignore-scripts --no-audit --no-fund", {
    cwd: folder,
    shell: true,
    stdio: "inherit",
    timeout,
  });
  return findDeno(folder);
}

/** The environment in which Deno finds the GPU that Chromium is tested with, and asks nobody for a newer Deno. */
export const denoEnvironment = (): Record<string, string> | undefined => {
  const gpu = gpuEnvironment();
  return gpu && { ...gpu, DENO_NO_UPDATE_CHECK: "1" };
};

/** The name of the adapter that wgpu offers; undefined where it offers none. */
export function wgpuAdapter(deno: string): string | undefined {
  const env = denoEnvironment();
  if (!env) return undefined;
  const program = `const adapter = await navigator.gpu.requestAdapter();
    if (adapter) console.log(adapter.info.description || adapter.info.device || "unnamed GPU");`;
  const { stdout } = spawnSync(deno, ["eval", "--quiet", webGpu, program], {
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 60_000,
  });
  return stdout?.trim() || undefined;
}

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));
