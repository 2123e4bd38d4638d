import { vi } from "vitest";
import { announced } from "../in-page.ts";

/** How long anything may take, in ms: weights, kernels and tokens are made on the processor, which the tests share. */
const patience = 90_000;

/** An element of the page, once it was found. */
export interface Part {
  click(): Promise<void>;
  /** Moves the pointer over it. */
  hover(): Promise<void>;
  /** Chooses an option of a list by its value. */
  select(value: string): Promise<void>;
  /** Takes a file of this computer: a field for files does. */
  receiveFile(path: string): Promise<void>;
  /** Replaces what a field holds, key by key, and tells it that this was all. */
  type(text: string): Promise<void>;
}

/** What a key is called in a browser. */
export type Key = "ArrowRight" | "Escape" | "Tab";

/**
 * The page as a person finds their way on it, by the names and roles that the browser tells a screen reader, whatever drives the
 * browser.
 */
export abstract class DrivenPage {
  /** Exceptions that nobody caught, violations of the page's policy, and what the console calls an error. */
  abstract wrong(): Promise<string[]>;

  /** Runs a function in the page. It sees nothing of what stands around it. */
  abstract evaluate<A extends unknown[], R>(run: (...args: A) => R, ...args: A): Promise<Awaited<R>>;

  /** What `findAll` of in-page.ts finds. */
  protected abstract all(path: string[], text: string, mayBeHidden: boolean): Promise<Part[]>;

  /** The elements with this role and exactly this name. */
  protected abstract named(role: string, name: string): Promise<Part[]>;

  abstract pressKey(key: Key): Promise<void>;

  /** Makes the page so large, in CSS pixels. */
  abstract resize(width: number, height: number): Promise<void>;

  /** A picture of the whole page, as a PNG. */
  abstract picture(): Promise<Buffer>;

  /** The first element with this role and exactly this name, once there is one. */
  find(role: string, name: string): Promise<Part> {
    return vi.waitUntil(async () => (await this.named(role, name))[0], { timeout: 20_000, interval: 150 });
  }

  /**
   * The first element that can be seen, once there is one.
   * @param path selectors of CSS, each below what the one before it means, in whatever shadow tree
   * @param text what its text begins with
   */
  see(path: string[], text = ""): Promise<Part> {
    const first = async () => (await this.visible(path, text))[0];
    return vi.waitUntil(first, { timeout: 20_000, interval: 150 });
  }

  visible(path: string[], text = ""): Promise<Part[]> {
    return this.all(path, text, false);
  }

  /** Gives a file of this computer to the page's field for files, which a button stands for. */
  async chooseFile(path: string): Promise<void> {
    const field = async () => (await this.all(["input[type=file]"], "", true))[0];
    const found = await vi.waitUntil(field, { timeout: 20_000, interval: 150 });
    await found.receiveFile(path);
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
    const isOpen = async () => (await this.all(["details[open]"], panel, false)).length > 0;
    const before = await isOpen();
    const toggle = async () => {
      await (await this.see(["summary"], panel)).click(); // which misses it where the page moves just then
      return (await isOpen()) !== before;
    };
    await vi.waitUntil(toggle, { timeout: 20_000, interval: 300 });
  }

  /** What a screen reader is told, once it is what is awaited. */
  async hears(told: RegExp, timeout = patience): Promise<string> {
    return vi.waitUntil(async () => (await this.evaluate(announced)).find((text) => told.test(text)), {
      timeout,
      interval: 150,
    });
  }

  /** The ids under the chips of the text, the prompt's first. */
  ids(): Promise<number[]> {
    return this.evaluate(() => {
      const ids: number[] = [];
      const visit = (root: ParentNode, isTape: boolean) => {
        for (const element of root.querySelectorAll("*")) {
          const inTape = isTape || element.closest('[aria-label="Tokens, with their ids"]') !== null;
          if (inTape && element.matches(".chip-id")) ids.push(Number(element.textContent));
          if (element.shadowRoot) visit(element.shadowRoot, inTape);
        }
      };
      visit(document, false);
      return ids;
    });
  }

  /** All that can be read inside the first element of a name, its shadow trees' text included. */
  text(name: string): Promise<string> {
    return this.evaluate((wanted) => {
      const trees: ParentNode[] = [document];
      for (const tree of trees) {
        for (const { shadowRoot } of tree.querySelectorAll("*")) if (shadowRoot) trees.push(shadowRoot);
      }
      const read = (node: Node): string => {
        const children =
          node instanceof Element && node.shadowRoot ? node.shadowRoot.childNodes : node.childNodes;
        if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? "";
        return [...children].map(read).join("");
      };
      const host = trees.map((tree) => tree.querySelector(wanted)).find((element) => element !== null);
      return host ? read(host).replace(/\s+/g, " ").trim() : "";
    }, name);
  }
}
