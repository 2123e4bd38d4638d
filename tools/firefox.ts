import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";
import { findChromium } from "./browser.ts";
import { inFolders, installFromDebian, namedBy, runs } from "./programs.ts";

/** The Firefox to test with: the one NEXT_TOKEN_FIREFOX names, which has to run, or one of the system; undefined where there is none. */
export function findFirefox(): string | undefined {
  return namedBy("NEXT_TOKEN_FIREFOX") ?? systemFirefoxes().find(runs);
}

/** The same, after an attempt to install one where that needs no question. */
export function findOrInstallFirefox(): string | undefined {
  const found = findFirefox();
  if (found) return found;
  installFromDebian("firefox-esr");
  return findFirefox();
}

function systemFirefoxes(): string[] {
  if (process.platform === "darwin") {
    const folders = ["/Applications", join(homedir(), "Applications")];
    return inFolders(folders, ["Firefox.app/Contents/MacOS/firefox"]);
  }
  if (process.platform === "win32") {
    const folders = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA];
    return inFolders(folders, ["Mozilla Firefox/firefox.exe"]);
  }
  return inFolders(process.env.PATH?.split(delimiter) ?? [], ["firefox-esr", "firefox"]);
}

/**
 * The environment in which Firefox finds a GPU. On Linux that is SwiftShader, the same as for Chromium, which brings it along
 * with Vulkan's loader; elsewhere, and with NEXT_TOKEN_ADAPTER=hardware, it is the machine's own and needs nothing.
 * @returns undefined where there should be a software driver and is none
 */
export function gpuEnvironment(chromium = findChromium()): Record<string, string> | undefined {
  if (process.platform !== "linux" || process.env.NEXT_TOKEN_ADAPTER === "hardware") return {};
  const folder = chromium && driverFolders(chromium).find((path) => existsSync(join(path, icd)));
  if (!folder) return undefined;
  const libraries = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  return { LD_LIBRARY_PATH: libraries, VK_ICD_FILENAMES: join(folder, icd) };
}

/** The file that tells Vulkan's loader which driver to load. */
const icd = "vk_swiftshader_icd.json";

/** The driver lies beside the executable. What a distribution puts on the path may be a script that starts the one in its libraries. */
function driverFolders(chromium: string): string[] {
  const real = realpathSync(chromium);
  const libraries = ["lib", "lib64"].map((name) => join(dirname(real), "..", name, basename(real)));
  return [dirname(real), ...libraries];
}

/** Why Firefox, or WebGPU in it, cannot be tested here, as a sentence; undefined where it can. */
export function whatIsMissing(firefox: string | undefined): string | undefined {
  if (!firefox) return "None was found. Install Firefox, or set NEXT_TOKEN_FIREFOX to the path of one.";
  if (gpuEnvironment()) return undefined;
  return `Only what needs no GPU was tried: no ${icd} lies beside the Chromium that is tested with (${findChromium()}).`;
}

export interface FirefoxOptions {
  /** Where what the page saves is put. */
  downloads?: string;
  /** Whether the visitor prefers dark pages. */
  dark?: boolean;
}

/** Starts a Firefox without a window. With a `gpu` of `gpuEnvironment` it has WebGPU, otherwise it has none. */
export function launchFirefox(
  executablePath: string,
  gpu: Record<string, string> | undefined,
  { downloads, dark = false }: FirefoxOptions = {},
): Promise<Browser> {
  return puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    env: { ...process.env, ...gpu },
    protocolTimeout: 300_000,
    extraPrefsFirefox: {
      "dom.webgpu.enabled": gpu !== undefined,
      "gfx.webgpu.ignore-blocklist": true,
      "gfx.webrender.software": true,
      "layout.css.prefers-color-scheme.content-override": dark ? 0 : 1,
      "ui.caretBlinkTime": -1,
      "ui.useOverlayScrollbars": 1, // as Chromium without a window has them, so that both have the same width
      ...(downloads && { "browser.download.dir": downloads, "browser.download.folderList": 2 }),
    },
  });
}
