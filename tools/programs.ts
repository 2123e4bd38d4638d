import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

// What it takes to find a browser on somebody's machine, or to put one there. browser.ts and firefox.ts say which.

/** Whether a browser is there and can tell its version. */
export function runs(path: string): boolean {
  if (!existsSync(path)) return false;
  // Browsers on Windows open a window when asked for their version.
  if (process.platform === "win32") return true;
  return (
    spawnSync(path, ["--version"], { timeout: 20_000, killSignal: "SIGKILL", stdio: "ignore" }).status === 0
  );
}

/**
 * The browser that an environment variable names, if it names one.
 * Throws when what it names does not run: another one would not be what was asked for.
 */
export function namedBy(variable: string): string | undefined {
  const named = process.env[variable];
  if (!named || runs(named)) return named || undefined;
  throw new Error(`${variable} is "${named}", which is not a browser that runs here. Correct or unset it.`);
}

/** Each of `files` in each of `folders`, as far as there are such folders. */
export function inFolders(folders: readonly (string | undefined)[], files: readonly string[]): string[] {
  return folders.flatMap((folder) => (folder ? files.map((file) => join(folder, file)) : []));
}

/** Runs a command for at most four minutes. Whether it worked is seen by whether a browser runs afterwards. */
export function run([command = "", ...args]: string[], env: Record<string, string>): void {
  spawnSync(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
    timeout: 240_000,
    killSignal: "SIGKILL",
  });
}

/** Installs a package of Debian's, which brings the libraries it needs. Does nothing where we may not. */
export function installFromDebian(name: string): void {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log(`Installing Debian's ${name}.`);
  const aptGet = [
    "/usr/bin/apt-get",
    "-o",
    "Dpkg::Use-Pty=0",
    "-o",
    "Acquire::Retries=2",
    "-o",
    "DPkg::Lock::Timeout=60",
  ];
  const quiet = { DEBIAN_FRONTEND: "noninteractive" };
  run([...aptGet, "update", "-qq"], quiet);
  run([...aptGet, "install", "-y", "-qq", "--no-install-recommends", name], quiet);
}
