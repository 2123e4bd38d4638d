import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { vi } from "vitest";

/** How long anything may take, in ms: weights, kernels and tokens are made on the processor, which the tests share. */
const patience = 90_000;

/** A selector of CSS that reaches into shadow trees wherever it has a space, as Playwright's do. */
export const piercing = (css: string): string => `>>> ${css.replaceAll(" ", " >>> ")}`;

/** The page as a person finds their way on it in Firefox: by the names and roles that Gecko tells a screen reader. */
export class PageInFirefox {
  readonly page: Page;
  /** Exceptions that nobody caught, violations of the page's policy, and what the console calls an error. */
  readonly wrong: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.wrong.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.wrong.push(message.text());
    });
  }

  /** Opens an address in a tab of its own, after `before` ran in it. */
  static async open(browser: Browser, address: string, before?: () => void): Promise<PageInFirefox> {
    const it = new PageInFirefox(await browser.newPage());
    if (before) await it.page.evaluateOnNewDocument(before);
    await it.page.evaluateOnNewDocument(withoutOffer);
    await it.resize(1366, 768);
    await it.page.goto(address);
    return it;
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewport({ width, height });
  }

  /** The first element with this role and exactly this name, once there is one. */
  async find(role: string, name: string): Promise<ElementHandle<Element>> {
    const selector = `::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`;
    return vi.waitUntil(async () => (await this.#all(selector))[0], { timeout: 20_000, interval: 150 });
  }

  /** The first element that a selector of CSS means and that can be seen, once there is one. */
  async see(css: string): Promise<ElementHandle<Element>> {
    return (await this.page.waitForSelector(piercing(css), { visible: true, timeout: 20_000 }))!;
  }

  /** Puppeteer asks for names and roles in one tree, so each shadow tree is asked. Several at a time take no longer than one. */
  async #all(selector: string): Promise<ElementHandle<Element>[]> {
    const list = await this.page.evaluateHandle(() => {
      const trees: (Element | ShadowRoot)[] = [document.documentElement];
      for (const tree of trees) {
        for (const { shadowRoot } of tree.querySelectorAll("*")) if (shadowRoot) trees.push(shadowRoot);
      }
      return trees;
    });
    const trees = [...(await list.getProperties()).values()].flatMap((handle) => handle.asElement() ?? []);
    const found = await Promise.all(trees.map((tree) => tree.$$(selector)));
    return found.flat() as ElementHandle<Element>[];
  }

  async press(button: string): Promise<void> {
    await (await this.find("button", button)).click();
  }

  /** Plays as fast as tokens come. */
  async play(): Promise<void> {
    await (await this.find("combobox", "Pace")).select("fast");
    await this.press("Play");
  }

  /** Opens a panel below the figure, or closes it. */
  async open(panel: string): Promise<void> {
    const [summary] = await this.page.$$(`>>> summary::-p-text(${panel})`);
    await summary!.click();
  }

  /** Replaces what a field holds, key by key, and tells it that this was all. */
  async type(field: ElementHandle<Element>, text: string): Promise<void> {
    await field.click({ count: 3 });
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Tab");
  }

  /** What a screen reader is told, once it is what is awaited. */
  async hears(told: RegExp, timeout = patience): Promise<string> {
    return vi.waitUntil(async () => (await this.page.evaluate(announced)).find((text) => told.test(text)), {
      timeout,
      interval: 150,
    });
  }

  /** The ids under the chips of the text, the prompt's first. */
  async ids(): Promise<number[]> {
    const tape = await this.find("region", "Tokens, with their ids");
    return tape.$$eval(".chip-id", (ids) => ids.map(({ textContent }) => Number(textContent)));
  }

  /** All that can be read inside the first element of a name, its shadow trees' text included. */
  async text(name: string): Promise<string> {
    const element = await this.page.$(`>>> ${name}`);
    return element!.evaluate((host) => {
      const read = (node: Node): string => {
        const children =
          node instanceof Element && node.shadowRoot ? node.shadowRoot.childNodes : node.childNodes;
        if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? "";
        return [...children].map(read).join("");
      };
      return read(host).replace(/\s+/g, " ").trim();
    });
  }
}

/** Pictures would hold a figure that is measured: how much faster than a software adapter the processor is. Runs in the page. */
function withoutOffer(): void {
  if (navigator.gpu) WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError("left out"));
}

/** What the live regions say that are on the page now. Runs in the page. */
function announced(): string[] {
  const said: string[] = [];
  const visit = (root: ParentNode) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) visit(element.shadowRoot);
      if (element.role === "status" && element.checkVisibility()) said.push(element.textContent!.trim());
    }
  };
  visit(document);
  return said;
}
