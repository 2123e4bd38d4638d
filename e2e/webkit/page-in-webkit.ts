import { setTimeout as sleep } from "node:timers/promises";
import { PNG } from "pngjs";
import { Key as Keys, type WebDriver, type WebElement } from "selenium-webdriver";
import type { RunningWebKit } from "../../tools/webkit.ts";
import { DrivenPage, type Key, type Part } from "../every-browser/driven-page.ts";
import { findAll } from "../in-page.ts";

const keys: Record<Key, string> = { ArrowRight: Keys.ARROW_RIGHT, Escape: Keys.ESCAPE, Tab: Keys.TAB };

/** Where to look for a role, and what WebKit calls it: to WebDriver it tells what its own tree says. */
const roles: Record<string, { css: string; told: string[] }> = {
  button: { css: "button", told: ["button"] },
  combobox: { css: "select", told: ["button", "combobox"] }, // one that opens a menu
  radio: { css: "input[type=radio]", told: ["radio"] },
  region: { css: "section, [role=region]", told: ["region"] },
  slider: { css: "input[type=range]", told: ["slider"] },
  spinbutton: { css: "input[type=number]", told: ["textbox", "spinbutton"] },
  textbox: { css: "textarea, input", told: ["textbox"] },
};

/** The page in WebKit, which WebDriver drives. */
export class PageInWebKit extends DrivenPage {
  readonly #driver: WebDriver;
  readonly #browser: RunningWebKit;

  private constructor(browser: RunningWebKit) {
    super();
    this.#browser = browser;
    this.#driver = browser.driver;
  }

  /** Opens an address in the browser's only tab. */
  static async open(browser: RunningWebKit, address: string): Promise<PageInWebKit> {
    const it = new PageInWebKit(browser);
    await it.resize(1366, 768);
    await browser.driver.get("about:blank"); // an address that differs in its hash alone would not be loaded anew
    await browser.driver.get(address);
    await it.evaluate(noteWhatIsWrong);
    return it;
  }

  /** From when the page was there: WebDriver runs nothing before it. */
  wrong(): Promise<string[]> {
    return this.evaluate(() => Reflect.get(window, "wrong") as string[]);
  }

  evaluate<A extends unknown[], R>(run: (...args: A) => R, ...args: A): Promise<Awaited<R>> {
    return this.#driver.executeScript(`return (${run})(...arguments)`, ...args);
  }

  protected async all(path: string[], text: string, mayBeHidden: boolean): Promise<Part[]> {
    return (await this.#elements(path, text, mayBeHidden)).map((element) => this.#part(element));
  }

  protected async named(role: string, name: string): Promise<Part[]> {
    const { css, told } = roles[role]!;
    const found: Part[] = [];
    for (const element of await this.#elements([css])) {
      const isIt = told.includes(await element.getAriaRole()) && (await element.getAccessibleName()) === name;
      if (isIt) found.push(this.#part(element));
    }
    return found;
  }

  #elements(path: string[], text = "", mayBeHidden = false): Promise<WebElement[]> {
    return this.#driver.executeScript(`return (${findAll})(...arguments)`, path, text, mayBeHidden);
  }

  #part(element: WebElement): Part {
    const driver = this.#driver;
    const moveThere = async () => {
      await driver.executeScript('arguments[0].scrollIntoView({ block: "center" })', element);
      return driver.actions().move({ origin: element });
    };
    return {
      click: () => element.click(),
      hover: async () => (await moveThere()).perform(),
      select: (value) => element.findElement({ css: `option[value=${JSON.stringify(value)}]` }).click(),
      receiveFile: (path) => element.sendKeys(path),
      async type(text) {
        // Not by the element's own commands: they take its shadow tree, in which the text is, for something that lies over it.
        await (await moveThere()).click().perform();
        await driver.actions().keyDown(Keys.CONTROL).sendKeys("a").keyUp(Keys.CONTROL).perform();
        await driver.actions().sendKeys(text, Keys.TAB).perform();
      },
    };
  }

  pressKey(key: Key): Promise<void> {
    return this.#driver.actions().sendKeys(keys[key]).perform();
  }

  /** A window is at least 447 pixels wide. */
  async resize(width: number, height: number): Promise<void> {
    const window = this.#driver.manage().window();
    const bar = await this.evaluate(() => outerHeight - innerHeight);
    await window.setRect({ x: 0, y: 0, width, height: height + bar });
    await this.evaluate(
      () => new Promise<void>((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn()))),
    );
  }

  /** Of the screen, in a window as high as the page. */
  async picture(): Promise<Buffer> {
    const [width, height, whole] = await this.evaluate(() => [
      innerWidth,
      innerHeight,
      document.documentElement.scrollHeight,
    ]);
    await this.resize(width!, whole!);
    const area = await this.evaluate(() => ({
      x: 0,
      y: outerHeight - innerHeight,
      width: innerWidth,
      height: innerHeight,
    }));
    await sleep(400); // the screen follows the page
    const picture = this.#browser.display.read(area);
    await this.resize(width!, height!);
    return PNG.sync.write(picture);
  }
}

/** Runs in the page. */
function noteWhatIsWrong(): void {
  const wrong: string[] = [];
  Reflect.set(window, "wrong", wrong);
  addEventListener("error", ({ message }) => wrong.push(message));
  addEventListener("unhandledrejection", ({ reason }) => wrong.push(String(reason)));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    wrong.push(`${violatedDirective} ${blockedURI}`),
  );
  const { error } = console;
  console.error = (...what) => {
    wrong.push(what.join(" "));
    error(...what);
  };
}
