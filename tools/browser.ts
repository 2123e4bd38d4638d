import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium, type LaunchOptions } from "@playwright/test";
import { chromiumFlags } from "./chromium-flags.ts";

/** How to launch the browser under test with Playwright, wherever a test, a tool or the benchmark does so. */
export function launchOptions(...moreFlags: string[]): LaunchOptions {
  return { executablePath: findChromium(), args: [...chromiumFlags(), ...moreFlags] };
}

/**
 * The Chromium to test with: the one NEXT_TOKEN_BROWSER names, Playwright's own, or one of the system.
 * A browser that is there but does not run is passed over; undefined when none is left.
 * Throws when NEXT_TOKEN_BROWSER names a browser that does not run.
 */
export function findChromium(): string | undefined {
  const named = process.env.NEXT_TOKEN_BROWSER;
  if (named) {
    if (runs(named)) return named;
    throw new Error(
      `NEXT_TOKEN_BROWSER is "${named}", which is not a browser that runs here. Correct or unset it.`,
    );
  }
  return [chromium.executablePath(), ...systemBrowsers()].find(runs);
}

/** Finds a Chromium or installs one, and gives its path. Throws, with a sentence that says what to do, when neither works. */
export function findOrInstallChromium(): string {
  for (const install of [undefined, installFromPlaywright, installFromDebian]) {
    install?.();
    const found = findChromium();
    if (found) return found;
  }
  throw new Error(
    "No browser that runs was found, and none could be installed. Install Chrome or Chromium, " +
      "or set NEXT_TOKEN_BROWSER to the path of one, and run npm test again.",
  );
}

function runs(path: string): boolean {
  if (!existsSync(path)) return false;
  // Chrome on Windows opens a window when asked for its version.
  if (process.platform === "win32") return true;
  return (
    spawnSync(path, ["--version"], { timeout: 20_000, killSignal: "SIGKILL", stdio: "ignore" }).status === 0
  );
}

function systemBrowsers(): string[] {
  const under = (folders: (string | undefined)[], files: string[]) =>
    folders.flatMap((folder) => (folder ? files.map((file) => join(folder, file)) : []));
  if (process.platform === "darwin") {
    return under(
      ["/Applications", join(homedir(), "Applications")],
      [
        "Google Chrome.app/Contents/MacOS/Google Chrome",
        "Chromium.app/Contents/MacOS/Chromium",
        "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
      ],
    );
  }
  if (process.platform === "win32") {
    return under(
      [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA],
      ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"],
    );
  }
  return under(process.env.PATH?.split(delimiter) ?? [], [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
  ]);
}

function installFromPlaywright(): void {
  console.log("No browser found. Downloading Playwright's Chromium.");
  const cli = createRequire(import.meta.url).resolve("@playwright/test/cli");
  // The full browser: the small chromium-headless-shell, which --no-shell leaves out, has no WebGPU.
  run([process.execPath, cli, "install", "--no-shell", "chromium"], {
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "10000",
  });
}

/** Where Playwright's browser cannot be downloaded, or lacks the system's libraries. Debian's brings its own. */
function installFromDebian(): void {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log("Playwright's Chromium is not to be had here. Installing Debian's chromium.");
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
  run([...aptGet, "install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet);
}

/** Runs a command for at most four minutes. Whether it worked is seen by whether a browser runs afterwards. */
function run([command = "", ...args]: string[], env: Record<string, string>): void {
  spawnSync(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
    timeout: 240_000,
    killSignal: "SIGKILL",
  });
}
