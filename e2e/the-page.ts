import type { Locator, Page } from "@playwright/test";
import notebook from "../tools/parity/notebook.json" with { type: "json" };
import { sideways } from "./in-page.ts";

const { prompt, causal, none } = notebook;
const start = prompt[0]!.length;

/** The ids that ten steps append to "Hello, I am", as PyTorch recorded them. */
export const appended = {
  causal: causal.generated.slice(start, start + 10),
  none: none.generated.slice(start, start + 10),
};

/** The page as a person finds their way on it: by names and roles, not by its insides. */
export class ThePage {
  readonly page: Page;
  readonly prompt: Locator;
  readonly newTokens: Locator;
  readonly pace: Locator;
  readonly status: Locator;
  readonly failure: Locator;
  /** All chips of the text, the prompt's first. */
  readonly chips: Locator;
  readonly candidates: Locator;

  constructor(page: Page) {
    this.page = page;
    this.prompt = page.getByRole("textbox", { name: "Prompt" });
    this.newTokens = page.getByRole("spinbutton", { name: "New tokens" });
    this.pace = page.getByRole("combobox", { name: "Pace" });
    this.status = page.getByRole("status");
    this.failure = page.getByRole("alert");
    this.chips = page.getByRole("region", { name: "Tokens, with their ids" }).getByRole("listitem");
    this.candidates = page.getByRole("table", { name: "The ten likeliest next tokens" });
  }

  /** @param name how the button's name begins */
  button(name: string | RegExp): Locator {
    const begins = typeof name === "string" ? new RegExp(`^${name.replace(/[().]/g, "\\$&")}`) : name;
    return this.page.getByRole("button", { name: begins });
  }

  /** Plays as fast as tokens come. */
  async play(): Promise<void> {
    await this.pace.selectOption("fast");
    await this.button(/^Play/).click();
  }

  /** Opens a panel below the figure. */
  async open(panel: string): Promise<void> {
    await this.page.locator("summary", { hasText: new RegExp(`^\\s*${panel}`) }).click();
  }

  mask(name: "causal" | "none"): Locator {
    return this.page.getByRole("group", { name: "Attention mask" }).getByRole("radio", { name });
  }

  /** The ids under the chips. */
  async ids(): Promise<number[]> {
    const texts = await this.chips.locator(".chip-id").allTextContents();
    return texts.map(Number);
  }

  /** Whether what stands between the element's tags is drawn: it is hidden where the element itself can run. */
  contentIsShown(): Promise<boolean> {
    return this.page
      .locator("next-token")
      .first()
      .evaluate((element) => {
        const content = document.createRange();
        content.selectNodeContents(element);
        return content.getClientRects().length > 0;
      });
  }

  /** Begins to note the tasks that hold the main thread for 50 ms or longer, as the Long Tasks API tells. */
  async watchLongTasks(): Promise<void> {
    await this.page.evaluate(() => {
      const durations: number[] = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) durations.push(duration);
      }).observe({ type: "longtask" });
      Object.assign(window, { longTasks: durations });
    });
  }

  /** How long each of them took since then, by the clock, in ms. */
  longTasks(): Promise<number[]> {
    return this.page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100)); // entries arrive after their tasks
      return Reflect.get(window, "longTasks") as number[];
    });
  }

  /** How far the page can be scrolled sideways, in pixels: 0 on a page that fits. */
  sideways(): Promise<number> {
    return this.page.evaluate(sideways);
  }
}
