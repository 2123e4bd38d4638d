import { readFileSync } from "node:fs";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { makeByName } from "../tools/make-checkpoint.ts";
import { HostServer } from "./host-server.ts";
import { withoutOffer } from "./in-page.ts";
import { ThePage } from "./the-page.ts";

// What the styles of other people's pages may do to the element: nothing but give it a place, a size and a colour scheme.

const host = new HostServer();
let address: string;
let script: string;
let checkpoint: Buffer;

test.beforeAll(async ({ baseURL }) => {
  script = `${baseURL}next-token.js`;
  address = await host.listen();
  const directory = `${test.info().project.outputDir}/host-styles`;
  await makeByName("page", directory);
  checkpoint = readFileSync(`${directory}/model.safetensors`);
  host.files.set("/model/config.json", {
    body: readFileSync(`${directory}/config.json`, "utf8"),
    type: "application/json",
  });
});
test.afterAll(() => host.close());

const tag = '<next-token prompt="Hello, I am" model="model/model.safetensors">A sentence.</next-token>';

/** Opens somebody's page with the element on it, its tokens drawn. */
async function visit(page: Page, css = "", body = tag): Promise<ThePage> {
  const head = `<meta charset="utf-8"><title>Lesson 4</title><style>${css}</style>`;
  host.page(
    "/",
    `<!doctype html><html lang="en">${head}<script type="module" src="${script}"></script>${body}`,
  );
  await page.goto(`${address}/`);
  const it = new ThePage(page);
  await expect(it.chips.last()).toHaveText("·am716");
  return it;
}

/** Serves the checkpoint; @returns what lets the first answer go, where it is held */
async function serveCheckpoint(page: Page, isHeld = false): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  if (!isHeld) release();
  await page.route("**/model.safetensors", async (route) => {
    await held;
    const headers = { "content-length": String(checkpoint.byteLength) };
    await route.fulfill({ body: checkpoint, headers });
  });
  return release;
}

/** Boxes that lay the element out in other ways than a block does, around it or by rules for it. */
const places: Record<string, { around?: string; itself?: string; beside?: string }> = {
  "a block": {},
  "the middle of a row": { around: "display: flex; justify-content: center" },
  "a row with text": { around: "display: flex", beside: "A paragraph beside it." },
  "a row that wraps": { around: "display: flex; flex-wrap: wrap" },
  "a row that lets nothing shrink": { around: "display: flex", itself: "flex: none" },
  "the middle of a column": { around: "display: flex; flex-direction: column; align-items: center" },
  "the start of a column": { around: "display: flex; flex-direction: column; align-items: start" },
  "a grid's middle": { around: "display: grid; place-items: center" },
  "automatic tracks": { around: "display: grid; grid-template-columns: auto auto", beside: "x" },
  "a narrowest track": { around: "display: grid; grid-template-columns: min-content" },
  "a widest track": { around: "display: grid; grid-template-columns: max-content" },
  "an inline grid": { around: "display: inline-grid" },
  "an inline block": { around: "display: inline-block" },
  "a table's cell": { around: "display: table-cell" },
  "a float": { around: "float: left" },
  "an absolute box": { around: "position: absolute" },
  "a box that fits": { around: "width: fit-content" },
  "a box that is as narrow as can be": { around: "width: min-content" },
  columns: { around: "columns: 2 300px" },
  "a vertical text": { around: "writing-mode: vertical-rl" },
  "a line of text": { itself: "display: inline" },
  "a float itself": { itself: "float: right" },
  "an absolute box itself": { itself: "position: absolute" },
  "an inline block itself": { itself: "display: inline-block" },
  "a row itself": { itself: "display: flex" },
  "a grid itself": { itself: "display: grid" },
  "a table itself": { itself: "display: table" },
  "no box of its own": { itself: "display: contents" },
  "margins, paddings and a border": { itself: "margin: 1em; padding: 1em; border: 3px solid" },
  "all of the width, with a padding": { itself: "width: 100%; padding: 1em" },
  "200 pixels": { around: "width: 200px" },
  "a row of 200 pixels": { around: "width: 200px; display: flex" },
  "a grid of 200 pixels": { around: "width: 200px; display: grid" },
};

test("it has a width in every kind of box, and never more than there is", async ({ page }) => {
  await visit(page);
  for (const width of [1366, 320]) {
    await page.setViewportSize({ width, height: 768 });
    const found = await page.evaluate((places) => {
      const element = document.querySelector("next-token")!;
      return Object.entries(places).map(([name, { around = "", itself = "", beside }]) => {
        const box = document.createElement("div");
        box.style.cssText = around;
        if (beside) box.append(Object.assign(document.createElement("p"), { textContent: beside }));
        element.style.cssText = itself;
        box.append(element);
        document.body.replaceChildren(box);
        const { left, right } = element.shadowRoot!.querySelector(".frame")!.getBoundingClientRect();
        const { scrollWidth, clientWidth } = document.documentElement;
        return { name, frame: right - left, left, right, sideways: scrollWidth - clientWidth };
      });
    }, places);
    expect(found).toHaveLength(Object.keys(places).length);
    for (const { name, frame, left, right, sideways } of found) {
      const isNarrow = /200|margins|with text/.test(name);
      expect.soft(frame, `${name}, ${width}: too narrow`).toBeGreaterThan(isNarrow ? 180 : 240);
      expect.soft(left, `${name}, ${width}: begins before the page`).toBeGreaterThanOrEqual(0);
      expect.soft(right, `${name}, ${width}: ends behind the page`).toBeLessThanOrEqual(width);
      expect.soft(sideways, `${name}, ${width}: scrolls sideways`).toBe(0);
      if (name.includes("200")) expect.soft(frame, name).toBeLessThanOrEqual(200);
      else if (width === 1366 && !/narrow|columns/.test(name))
        expect.soft(frame, `${name}: takes the room`).toBeGreaterThan(1000);
    }
  }
});

/** Every way to write that a page may have chosen for its own text, inherited and for every element. */
const loud = `
  html { color: red; cursor: crosshair; fill: lime; stroke: lime; -webkit-text-fill-color: red; -webkit-text-stroke: 1px lime;
    font: italic small-caps 900 condensed 16px/3 serif; font-feature-settings: "tnum", "swsh"; font-kerning: none;
    hyphens: auto; letter-spacing: 0.3em; line-break: anywhere; list-style: square inside; overflow-wrap: anywhere;
    quotes: "x" "y"; tab-size: 1; text-align: right; text-align-last: justify; text-emphasis: dot; text-indent: 4em;
    text-shadow: 2px 2px lime; text-transform: uppercase; text-underline-offset: 1em; text-wrap: nowrap;
    -webkit-user-select: none; user-select: none; white-space: pre; word-break: break-all; word-spacing: 1em;
    border-collapse: collapse; border-spacing: 9px; caption-side: bottom; empty-cells: hide; image-rendering: pixelated;
    accent-color: lime; caret-color: lime; font-size-adjust: 0.8; font-synthesis: none; text-rendering: geometricPrecision }
  *, *::before, *::after { letter-spacing: 0.3em; line-height: 3; text-transform: uppercase; text-indent: 3em; text-align: center }
  body { text-decoration: underline wavy lime }
  body::first-line { font-size: 3em; text-transform: uppercase }
  body::first-letter { font-size: 6em; float: left }`;

test("no style of the page's text comes in, but the font's size and the colour scheme do", async ({
  page,
}) => {
  await serveCheckpoint(page);
  await page.addInitScript(withoutOffer);
  const picture = async (css: string) => {
    const it = await visit(page, `body { margin: 8px } ${css}`);
    await it.button("Token").click();
    await expect(it.status).toHaveText(/^Token 1 of 10/);
    await it.open("Switches");
    await expect(page.getByRole("group", { name: "KV cache" })).toBeVisible();
    const timed = "next-token-status .note, next-token-stations .cost, next-token-context .note"; // never the same
    await page.locator(timed).evaluateAll((times) => {
      for (const time of times) (time as HTMLElement).style.display = "none";
    });
    const element = page.locator("next-token");
    const texts = await element.getByText("Hello", { exact: true }).first().innerText();
    expect(texts).toBe("Hello");
    return element.screenshot({ animations: "disabled", caret: "hide" });
  };
  const quiet = await picture("");
  const shouted = await picture(loud);
  expect(shouted.equals(quiet)).toBe(true);
  expect((await picture("html { font-size: 20px }")).equals(quiet)).toBe(false);
  expect((await picture("html { color-scheme: dark }")).equals(quiet)).toBe(false);
});

test("what hides the element hides what is inside, paper is as quiet, and its own content looks as the page's does", async ({
  page,
}) => {
  const it = await visit(
    page,
    "next-token { display: block } .deaf { pointer-events: none } .off { visibility: hidden }",
  );
  const body = page.locator("body");
  await body.evaluate((body) => body.classList.add("deaf"));
  expect(await it.button("Play").evaluate((button) => getComputedStyle(button).pointerEvents)).toBe("none");
  await body.evaluate((body) => body.classList.add("off"));
  await expect(it.prompt).toBeHidden();
  await body.evaluate((body) => body.classList.remove("off"));
  await expect(it.prompt).toBeVisible();
  await page.locator("next-token").evaluate((element) => element.setAttribute("hidden", ""));
  await expect(it.prompt).toBeHidden();

  await visit(page, loud);
  await page.emulateMedia({ media: "print" });
  const printed = await page.locator("next-token-handout").evaluate((handout) => {
    const { textTransform, letterSpacing, lineHeight, fontSize, display } = getComputedStyle(handout);
    return {
      textTransform,
      letterSpacing,
      points: Math.round((Number.parseFloat(fontSize) * 72) / 96),
      display,
      lineHeight,
    };
  });
  expect(printed).toMatchObject({
    textTransform: "none",
    letterSpacing: "normal",
    points: 10,
    display: "block",
  });
  await page.emulateMedia({ media: null });

  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "gpu"));
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
  await visit(page, "body { font-family: serif; letter-spacing: 3px }");
  const [family, spacing] = await page.locator("next-token").evaluate((element) => {
    const slot = element.shadowRoot!.querySelector("slot")!;
    return [getComputedStyle(slot).fontFamily, getComputedStyle(slot).letterSpacing];
  });
  expect([family, spacing]).toEqual(["serif", "3px"]);
});

test("all sizes go with the element's own font size, whatever the root's is", async ({ page }) => {
  const measure = async (css: string) => {
    const it = await visit(page, css);
    const size = (element: Locator) =>
      element.evaluate((e) => Number.parseFloat(getComputedStyle(e).fontSize));
    const height = (element: Locator) => element.evaluate((e) => e.getBoundingClientRect().height);
    const columns = page.locator("next-token .figure");
    return {
      id: await size(it.chips.first().locator(".chip-id")),
      text: await size(it.chips.first().locator(".chip-text")),
      caption: await size(page.getByText("The seven steps")),
      button: await height(it.button("Play")),
      add: await height(it.button("Add a prompt")),
      isWide: await columns.evaluate((e) => {
        const { display, gridTemplateColumns } = getComputedStyle(e);
        return display === "grid" && gridTemplateColumns.includes(" ");
      }),
    };
  };
  const usual = { id: 12, text: 16, caption: 14, button: 36, add: 24, isWide: true };
  const times = (n: number) => ({ id: 12 * n, text: 16 * n, caption: 14 * n, button: 36 * n, add: 24 * n });
  expect(await measure("")).toEqual(usual);
  expect(await measure("html { font-size: 62.5% } body { font-size: 1.6rem }")).toEqual(usual);
  expect(await measure("html { font-size: 40px } body { font-size: 16px }")).toEqual(usual);
  expect(await measure("html { font-size: 10px } next-token { font-size: 20px }")).toEqual({
    ...times(1.25),
    isWide: true,
  });
  expect(await measure("next-token { font-size: 2em }")).toEqual({ ...times(2), isWide: false });
  // Where nobody chose a size for it, nothing is too small to be read or hit.
  for (const css of ["html { font-size: 62.5% }", "body { font-size: 0 }"]) {
    const { id, caption, button, add } = await measure(css);
    expect(Math.min(id, caption)).toBeGreaterThanOrEqual(12);
    expect(Math.min(button, add)).toBeGreaterThanOrEqual(24);
  }
});

const widths = [320, 360, 390, 600, 768, 900, 1366, 1920];

/** Where the controls stand, and what lies below them, in pixels of the page. */
const boxes = (page: Page) =>
  page.evaluate(() => {
    scrollTo(0, 0); // on a narrow page the buttons stay in view, wherever it is scrolled to
    const element = document.querySelector("next-token")!;
    const within = (name: string) => [...element.shadowRoot!.querySelector(name)!.shadowRoot!.children];
    const controls = ["next-token-controls", "next-token-run-settings"]
      .flatMap(within)
      .flatMap((e) => [e, ...e.querySelectorAll("*")]);
    // In a box of 300 pixels one step is open: which one moves within their list, and the list does not.
    const steps = innerWidth > 320 ? "li" : "ol";
    const stations = [
      ...element.shadowRoot!.querySelector("next-token-stations")!.shadowRoot!.querySelectorAll(steps),
    ];
    const parts = [...element.shadowRoot!.querySelectorAll("section.loop, section.idx, .state")];
    const place = (e: Element) => {
      const { x, y, width, height } = e.getBoundingClientRect();
      return [x, y + scrollY, width, height].map(Math.round).join(" ");
    };
    return [...controls.filter((e) => e.matches("button, input, select")), ...stations, ...parts].map(
      (e) => `${e.tagName} ${place(e)}`,
    );
  });

test("nothing moves when a label, a sentence or a value changes", async ({ page }) => {
  const release = await serveCheckpoint(page, true);
  const it = await visit(page);
  const first = new Map<number, string[]>();
  const hold = async (state: string) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 768 });
      const now = await boxes(page);
      expect(now.length).toBeGreaterThan(width > 320 ? 16 : 10);
      if (!first.has(width)) first.set(width, now);
      expect.soft(now, `${state}, ${width}`).toEqual(first.get(width));
    }
  };
  await hold("fresh");
  await it.play();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await hold("building");
  release();
  await expect(it.status).toHaveText(/^Finished: /);
  await hold("finished");
  await it.button("Reset").click();
  for (let station = 1; station <= 7; station++) {
    await it.button("Step").click();
    await expect(it.status).toHaveText(station < 7 ? RegExp(`^Step ${station} of 7`) : /^Token 1 of 10/);
    await hold(`step ${station}`);
  }
  await it.newTokens.fill("1000");
  await it.newTokens.press("Enter");
  await it.pace.selectOption("slow");
  await it.button(/^Play/).click();
  await expect(it.button("Pause")).toBeVisible();
  await hold("playing");
  await it.button("Pause").click();
  await expect(it.button(/^Play \d+ more/)).toBeVisible();
  await hold("paused");
  expect((await it.button(/^Play/).innerText()).trim()).toMatch(/^Play \d+ more\s*P$/);
});

test("with eight prompts the buttons and the first station are in the first view of a laptop", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1366, height: 768 });
  const it = await visit(page);
  const set = (prompts: string[], row: number) =>
    page.locator("next-token").evaluate((element, set) => Object.assign(element, set), { prompts, row });
  const prompts = Array.from({ length: 8 }, (_, r) => `Hello, I ${["am", "was", "have", "do"][r % 4]}`);
  await set(prompts, 5);
  await expect(it.chips).toHaveCount(32);
  const first = page.getByRole("region", { name: "The loop" }).getByRole("listitem").first();
  for (const shown of [it.button("Play"), it.button("Reset"), it.newTokens, first])
    await expect(shown).toBeInViewport({ ratio: 1 });

  // The rows of the text carry the names that are chosen by, and the one that the figure shows is marked.
  const tape = page.getByRole("region", { name: "Tokens, with their ids" });
  await expect(tape.locator(".name")).toHaveText(prompts.map((_, r) => `row ${r}`));
  await expect(tape.locator(".shown")).toHaveText("row 5");
  await expect(tape.locator("[aria-current]")).toHaveAttribute("aria-label", "Row 5");
  await expect(tape.locator(".shown")).toBeInViewport({ ratio: 1 });

  // Each prompt is reached by the keyboard, and what is wrong with the batch stays in sight.
  const region = page.getByRole("region", { name: "Prompts of the batch" });
  await expect(region).toHaveAttribute("tabindex", "0");
  const last = page.getByRole("textbox", { name: "Prompt, row 7" });
  await last.focus();
  await expect(last).toBeInViewport({ ratio: 1 });
  await set(prompts.with(0, "Hello"), 0);
  await expect(it.failure).toHaveText(/^The prompts have 1, 4, 4/);
  await page.locator("next-token-prompts").evaluate((element) => {
    const editors = element as unknown as { rows: { refusal?: string }[] };
    const refused = { ...editors.rows[0], refusal: "Use a shorter text." }; // as for ten million characters
    editors.rows = editors.rows.with(0, refused);
  });
  const sentence = page.getByText("Row 0: Use a shorter text.");
  for (const shown of [sentence, it.button("Play"), first]) await expect(shown).toBeInViewport({ ratio: 1 });
});

/** How often each colour is drawn, as shares of a picture of `element`. */
async function colours(element: Locator): Promise<number[]> {
  const picture = (await element.screenshot({ animations: "disabled" })).toString("base64");
  return element.page().evaluate(async (picture) => {
    const blob = await (await fetch(`data:image/png;base64,${picture}`)).blob();
    const bitmap = await createImageBitmap(blob);
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
    const counts = new Map<number, number>();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return [...counts.values()].map((count) => count / pixels.length).sort((a, b) => b - a);
  }, picture);
}

test("in a visitor's own few colours everything can still be told apart", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  await page.setViewportSize({ width: 1366, height: 768 });
  const release = await serveCheckpoint(page, true);
  const it = await visit(page);
  const look = (element: Locator) =>
    element.evaluate((e) => {
      const { borderColor, borderStyle, backgroundColor, color } = getComputedStyle(e);
      return { borderColor, borderStyle, backgroundColor, color };
    });

  // How far a model has come: a half that is filled, and one that is not.
  await it.play();
  const progress = page.getByRole("progressbar");
  await progress.evaluate((bar: HTMLProgressElement) => {
    bar.max = 2;
    bar.value = 1;
  });
  const [most, more] = await colours(progress);
  expect(Math.min(most!, more!)).toBeGreaterThan(0.3);
  const disabled = await look(it.button("Step"));
  release();
  await expect(it.status).toHaveText(/^Finished: /);
  const enabled = await look(it.button("Step"));
  expect(disabled.color).not.toBe(enabled.color);
  expect(disabled.borderStyle).not.toBe(enabled.borderStyle);

  // Chips by their states; given ones have no edge that is seen.
  await page.locator("next-token").evaluate((element) => Object.assign(element, { contextSize: 12 }));
  const chip = (state: string) => page.locator(`next-token-tape .${state} .chip`).first();
  await expect(chip("dropped")).toBeVisible();
  const [given, appended, decided, dropped] = await Promise.all(
    ["given", "appended", "decided", "dropped"].map((state) => look(chip(state))),
  );
  expect(given!.borderColor).toBe(given!.backgroundColor);
  expect(appended!.borderColor).not.toBe(appended!.backgroundColor);
  expect(decided!.backgroundColor).not.toBe(appended!.backgroundColor);
  expect(decided!.color).not.toBe(decided!.backgroundColor);
  expect(dropped!.borderStyle).toBe("dashed");
  expect((await colours(chip("decided")))[0]).toBeGreaterThan(0.4); // filled, without a patch behind its letters

  // The bar at the side of the station at work, and of no other; the bars of the chart.
  const edges = await page
    .locator("next-token-stations li")
    .evaluateAll((stations) => stations.map((e) => getComputedStyle(e).borderInlineStartColor));
  expect(new Set(edges.slice(0, 6)).size).toBe(1);
  expect(edges[6]).not.toBe(edges[0]);
  for (const row of [0, 1]) {
    const [bar, around] = await colours(
      it.candidates
        .getByRole("row")
        .nth(row + 1)
        .locator("svg"),
    );
    expect(Math.min(bar!, around!), `bar ${row}`).toBeGreaterThan(row === 0 ? 0 : 0.01);
    expect(bar).toBeGreaterThan(0.5);
  }
  const primary = await look(it.button(/^Play/));
  expect(primary.color).not.toBe(primary.backgroundColor);
  await it.prompt.focus();
  await page.keyboard.press("Tab"); // Add a prompt
  await page.keyboard.press("Tab");
  await expect(it.button(/^Play/)).toBeFocused();
  expect(await it.button(/^Play/).evaluate((e) => getComputedStyle(e).outlineStyle)).toBe("solid");
});
