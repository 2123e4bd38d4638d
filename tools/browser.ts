import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium, type LaunchOptions } from "@playwright/test";
import { chromiumFlags } from "./chromium-flags.ts";
import { inFolders, installFromDebian, namedBy, run, runs } from "./programs.ts";

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
  return namedBy("NEXT_TOKEN_BROWSER") ?? [chromium.executablePath(), ...systemBrowsers()].find(runs);
}

/** Finds a Chromium or installs one, and gives its path. Throws, with a sentence that says what to do, when neither works. */
export function findOrInstallChromium(): string {
  for (const install of [undefined, installFromPlaywright, () => installFromDebian("chromium")]) {
    install?.();
    const found = findChromium();
    if (found) return found;
  }
  throw new Error(
    "No browser that runs was found, and none could be installed. Install Chrome or Chromium, " +
      "or set NEXT_TOKEN_BROWSER to the path of one, and run npm test again.",
  );
}

function systemBrowsers(): string[] {
  if (process.platform === "darwin") {
    return inFolders(
      ["/Applications", join(homedir(), "Applications")],
      [
        "Google Chrome.app/Contents/MacOS/Google Chrome",
        "Chromium.app/Contents/MacOS/Chromium",
        "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
      ],
    );
  }
  if (process.platform === "win32") {
    return inFolders(
      [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA],
      ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"],
    );
  }
  return inFolders(process.env.PATH?.split(delimiter) ?? [], [
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
