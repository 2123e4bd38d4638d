import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Builder, Capabilities, type WebDriver } from "selenium-webdriver";
import { inFolders, installFromDebian } from "./programs.ts";
import { VirtualDisplay } from "./virtual-display.ts";

/** What it takes to drive WebKit where it has no browser of its own: GTK's, by WebDriver, on a display without a screen. */
export interface WebKit {
  /** Speaks WebDriver. */
  driver: string;
  /** The browser that it starts. */
  browser: string;
  /** The X server. */
  display: string;
}

/** The WebKit to test with; undefined where a part of it is not there. Other systems than Linux have none that can be had so. */
export function findWebKit(): WebKit | undefined {
  if (process.platform !== "linux") return undefined;
  const path = process.env.PATH?.split(delimiter) ?? [];
  const libraries = inFolders(
    ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec"],
    ["webkit2gtk-4.1", "webkitgtk-6.0"],
  );
  const [driver] = inFolders(path, ["WebKitWebDriver"]).filter(existsSync);
  const [browser] = inFolders(libraries, ["MiniBrowser"]).filter(existsSync);
  const [display] = inFolders(path, ["Xvfb"]).filter(existsSync);
  return driver && browser && display ? { driver, browser, display } : undefined;
}

/** The same, after an attempt to install it where that needs no question. */
export function findOrInstallWebKit(): WebKit | undefined {
  const found = findWebKit();
  if (found) return found;
  installFromDebian("webkit2gtk-driver");
  installFromDebian("xvfb");
  return findWebKit();
}

/** Why WebKit cannot be tested here, as a sentence; undefined where it can. */
export function whyNoWebKit(webkit: WebKit | undefined): string | undefined {
  if (webkit) return undefined;
  if (process.platform !== "linux") return "It is driven on Linux alone.";
  return "WebKitWebDriver, its MiniBrowser or Xvfb was not found. Debian's packages are webkit2gtk-driver and xvfb.";
}

/** A WebKit that runs. */
export interface RunningWebKit {
  driver: WebDriver;
  display: VirtualDisplay;
  close(): Promise<void>;
}

/** Starts one, on a display of its own. */
export async function launchWebKit({ driver, browser, display }: WebKit): Promise<RunningWebKit> {
  const screen = await VirtualDisplay.start(display);
  const port = await freePort();
  const service = spawn(driver, [`--port=${port}`], {
    // Without a graphics card there is nothing to compose layers with.
    env: { ...process.env, DISPLAY: screen.name, WEBKIT_DISABLE_COMPOSITING_MODE: "1" },
    stdio: "ignore",
  });
  const stop = async () => {
    await stopped(service);
    await screen.stop();
  };
  try {
    const server = `http://127.0.0.1:${port}`;
    await untilReady(`${server}/status`);
    const capabilities = new Capabilities({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] },
    });
    const session = await new Builder().usingServer(server).withCapabilities(capabilities).build();
    return { driver: session, display: screen, close: () => session.quit().finally(stop) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function untilReady(address: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const response = await fetch(address).catch(() => undefined); // it does not listen yet
    if (response?.ok) return;
    await sleep(200);
  }
  throw new Error(`WebKitWebDriver did not answer at ${address} within 30 seconds.`);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill();
  await ended;
}
