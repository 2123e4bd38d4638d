import type { Browser, ElementHandle, JSHandle, Page } from "puppeteer-core";
import { DrivenPage, type Key, type Part } from "../every-browser/driven-page.ts";
import { findAll, withoutOffer } from "../in-page.ts";

/** The page in Firefox, which Puppeteer drives. */
export class PageInFirefox extends DrivenPage {
  readonly page: Page;
  readonly #wrong: string[] = [];

  private constructor(page: Page) {
    super();
    this.page = page;
    page.on("pageerror", (error) => this.#wrong.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.#wrong.push(message.text());
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

  async wrong(): Promise<string[]> {
    return this.#wrong;
  }

  evaluate<A extends unknown[], R>(run: (...args: A) => R, ...args: A): Promise<Awaited<R>> {
    return this.page.evaluate(run as (...args: unknown[]) => R, ...args) as Promise<Awaited<R>>;
  }

  protected async all(path: string[], text: string, mayBeHidden: boolean): Promise<Part[]> {
    const found = await elements(await this.page.evaluateHandle(findAll, path, text, mayBeHidden));
    return found.map((element) => this.#part(element));
  }

  /** Puppeteer asks for names and roles in one tree, so each shadow tree is asked. Several at a time take no longer than one. */
  protected async named(role: string, name: string): Promise<Part[]> {
    const selector = `::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`;
    const list = await this.page.evaluateHandle(() => {
      const trees: (Element | ShadowRoot)[] = [document.documentElement];
      for (const tree of trees) {
        for (const { shadowRoot } of tree.querySelectorAll("*")) if (shadowRoot) trees.push(shadowRoot);
      }
      return trees;
    });
    const found = await Promise.all((await elements(list)).map((tree) => tree.$$(selector)));
    return found.flat().map((element) => this.#part(element as ElementHandle<Element>));
  }

  #part(element: ElementHandle<Element>): Part {
    const { keyboard } = this.page;
    return {
      click: () => element.click(),
      hover: () => element.hover(),
      select: async (value) => void (await element.select(value)),
      receiveFile: (path) => (element as ElementHandle<HTMLInputElement>).uploadFile(path),
      async type(text) {
        await element.click({ count: 3 });
        await keyboard.type(text);
        await keyboard.press("Tab");
      },
    };
  }

  pressKey(key: Key): Promise<void> {
    return this.page.keyboard.press(key);
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewport({ width, height });
  }

  async picture(): Promise<Buffer> {
    await this.evaluate(() => scrollTo(0, 0)); // further down the buttons of a phone lie over the page
    return Buffer.from(await this.page.screenshot({ fullPage: true }));
  }
}

async function elements(list: JSHandle<Node[]>): Promise<ElementHandle<Element>[]> {
  const items = [...(await list.getProperties()).values()];
  return items.flatMap((item) => (item.asElement() as ElementHandle<Element> | null) ?? []);
}
