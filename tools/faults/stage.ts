import type { Browser, BrowserContext, CDPSession, Frame, Page } from "@playwright/test";
import { pace, setStage } from "./in-page.ts";
import type { Site } from "./site.ts";

/**
 * Where a visit stands when a fault strikes. In "building" the whole file has come and the GPU has not yet taken it; in
 * "prefill" the prompt is being read, in "decoding" three tokens stand, in "paused" three tokens stand and nothing is
 * under way.
 */
export const phases = ["idle", "downloading", "building", "prefill", "decoding", "paused"] as const;
export type Phase = (typeof phases)[number];

/** How a run ended: with a text, or with an error that says so. */
export type Outcome = { readonly text: string } | { readonly code: string; readonly message: string };

/** A visitor's page with the element, which can be brought to a phase and held there. */
export class Stage {
  readonly site: Site;
  readonly page: Page;
  readonly phase: Phase;
  /** Where the element is: the page, or the frame in it. */
  frame: Frame;
  /** The DevTools protocol, of the page and of the whole browser. */
  readonly ofPage: CDPSession;
  readonly ofBrowser: CDPSession;
  readonly #context: BrowserContext;
  readonly #uncaught: string[] = [];

  private constructor(
    site: Site,
    phase: Phase,
    page: Page,
    frame: Frame,
    cdp: { ofPage: CDPSession; ofBrowser: CDPSession },
  ) {
    this.site = site;
    this.phase = phase;
    this.page = page;
    this.frame = frame;
    this.ofPage = cdp.ofPage;
    this.ofBrowser = cdp.ofBrowser;
    this.#context = page.context();
    page.on("pageerror", (error) => this.#uncaught.push(error.message));
  }

  static async open(browser: Browser, site: Site, phase: Phase, isFramed = false): Promise<Stage> {
    site.fault = undefined;
    site.go();
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.addInitScript("globalThis.__name = (made) => made"); // tsx calls it in the functions that it hands over
    await page.addInitScript(setStage, pace);
    await page.goto(site.url + (isFramed ? "frame" : ""));
    const frame = isFramed ? page.frames()[1]! : page.mainFrame();
    await frame.waitForFunction(() => customElements.get("next-token"));
    const ofPage = await context.newCDPSession(page);
    return new Stage(site, phase, page, frame, { ofPage, ofBrowser: await browser.newBrowserCDPSession() });
  }

  /** Brings the visit to its phase; what is under way there then waits for `goOn`. */
  async reach(): Promise<void> {
    const { phase, frame, site } = this;
    if (phase === "paused") {
      await frame.locator("next-token").evaluate(async (element: HTMLElementTagNameMap["next-token"]) => {
        for (let i = 0; i < 3; i++) await element.step();
      });
      return;
    }
    if (phase === "downloading") {
      site.holdAt = Math.floor(site.size / 2);
      const held = site.held();
      await frame.evaluate(() => window.stage.play());
      await held;
    } else if (phase !== "idle") {
      await frame.evaluate((name) => {
        window.stage.hold(name);
        window.stage.play();
      }, phase);
      await frame.waitForFunction(() => window.stage.isHeld);
    }
  }

  /** Lets go of what is held; plays where nothing is under way. @returns how the run ended */
  async goOn(): Promise<Outcome> {
    this.site.go();
    await this.frame.evaluate(() => {
      if (window.stage.isPlaying) window.stage.release();
      else window.stage.play();
    });
    return this.#outcome();
  }

  /** Presses Play. @returns how that ended */
  async play(): Promise<Outcome> {
    await this.frame.evaluate(() => window.stage.play());
    return this.#outcome();
  }

  /** Whether the page shows the error's sentence where a screen reader hears of it, or `text` anywhere. */
  async shows(text: RegExp | Extract<Outcome, { code: string }>): Promise<boolean> {
    const { frame } = this;
    const place =
      text instanceof RegExp
        ? frame.getByText(text)
        : frame.getByRole("alert").filter({ hasText: text.message }).filter({ hasText: text.code });
    return place.first().isVisible();
  }

  /** The device that the model is on goes away, and what the browser kept of the model. */
  async loseModel(): Promise<void> {
    await this.frame.evaluate(async () => {
      for (const name of await caches.keys()) await caches.delete(name);
      window.stage.devices.at(-1)!.destroy();
    });
  }

  /** Goes back to the page by the browser's history; a page that the browser did not keep starts anew. */
  async back(): Promise<void> {
    // Neither the call nor a page that was kept tells Playwright of a load: it is asked until the page answers.
    await this.page.evaluate(() => void setTimeout(() => history.back()));
    const isBack = () => this.page.evaluate(() => customElements.get("next-token") !== undefined);
    for (let tries = 0; tries < 100 && !(await within(500, isBack())); tries++);
  }

  crashGpu(): Promise<unknown> {
    return this.ofBrowser.send("Browser.crashGpuProcess");
  }

  /** What must be true of a page whatever happened. @returns what is not */
  async blemishes(): Promise<string[]> {
    const found = [...this.#uncaught, ...(await this.frame.evaluate(() => window.stage.uncaught))];
    const isThere = await this.frame.getByRole("textbox", { name: "Prompt" }).first().isVisible();
    if (!isThere) found.push("the page is blank");
    return found.map((text) => `uncaught or missing: ${text}`);
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  async #outcome(): Promise<Outcome> {
    // Not at each frame, as Playwright otherwise looks: a hidden page has none.
    await this.frame.waitForFunction(() => !window.stage.isPlaying, undefined, {
      polling: 50,
      timeout: 60_000,
    });
    return this.frame.evaluate(() => {
      const { done, errors } = window.stage;
      const error = errors.splice(0).at(-1);
      const text = JSON.stringify(done.splice(0).at(-1));
      return error ?? { text };
    });
  }
}

/** What `promise` gives; undefined where it fails, or takes longer than `ms`. */
function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined));
  return Promise.race([promise.catch(() => undefined), late]);
}
