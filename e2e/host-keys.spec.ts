import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { HostServer } from "./host-server.ts";
import { ThePage } from "./the-page.ts";

/** What is typed: a key of each host's is in it. */
const text = "snap / food, ok.";

const tag = '<next-token prompt="" max-new-tokens="3" model="seed:123"></next-token>';
const reveal = (script: string) => `<!doctype html>
  <html lang="en">
  <title>Slides</title>
  <link rel="stylesheet" href="/reveal.css" />
  <div class="reveal"><div class="slides">
    <section>One</section>
    <section>${tag}</section>
    <section>Three</section>
  </div></div>
  <script type="module">
    import Reveal from "/reveal.mjs";
    window.deck = new Reveal({ transition: "none" });
    await deck.initialize();
    deck.slide(1);
  </script>
  <script type="module" src="${script}"></script>`;

/** A page that listens as pages of lessons do, one handler for each kind, and notes what it would do. */
const lesson = (script: string) => `<!doctype html>
  <html lang="en">
  <title>Lesson</title>
  <input id="search" aria-label="Search" />
  <script>
    window.moved = [];
    const fields = ["INPUT", "TEXTAREA", "SELECT", "BUTTON"];
    const move = (name) => (event) => { moved.push(name + " " + event.key); event.preventDefault(); };
    const search = (name) => (event) => { move(name)(event); document.querySelector("#search").focus(); };

    // Listens on the window and looks one shadow root deep: s, f and / search, the others turn pages.
    const theme = { s: search, f: search, "/": search, p: move, n: move, ",": move, ".": move };
    window.addEventListener("keydown", (event) => {
      const active = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
      if (event.metaKey || event.ctrlKey || fields.includes(active?.tagName) || active?.isContentEditable) return;
      theme[event.key]?.("theme")(event);
    });

    // A book: arrows turn chapters, whatever has the focus but fields of its own.
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (/^(input|select|textarea)$/i.test(event.target.nodeName)) return;
      ({ ArrowLeft: move, ArrowRight: move, s: search, "/": search, "?": move })[event.key]?.("book")(event);
    });

    // A manual: asks what has the focus.
    document.addEventListener("keydown", (event) => {
      if (fields.includes(document.activeElement?.tagName) || event.ctrlKey || event.metaKey) return;
      ({ ArrowLeft: move, ArrowRight: move, "/": search })[event.key]?.("manual")(event);
    });

    // Slides that move when a key is let go.
    document.addEventListener("keyup", (event) => {
      if (/^(Arrow.+|Page.+| )$/.test(event.key) && !fields.includes(event.target.tagName)) move("slides")(event);
    });

    // A notebook: its commands come before everything in the document.
    document.addEventListener("keydown", (event) => {
      if (!fields.includes(event.target.tagName) && /^[abdf]$/.test(event.key)) move("notebook")(event);
    }, true);

    // One that comes before everything, and asks whether what has the focus can be edited.
    window.addEventListener("keydown", ({ key }) => {
      const { tagName, isContentEditable } = document.activeElement ?? {};
      if (!fields.includes(tagName) && !isContentEditable && key === "k") moved.push("first k");
    }, true);

    document.addEventListener("paste", () => moved.push("paste"));
  </script>
  ${tag}
  <script type="module" src="${script}"></script>`;

const host = new HostServer();
let address: string;
test.beforeAll(async ({ baseURL }) => {
  const dist = new URL("../node_modules/reveal.js/dist/", import.meta.url);
  for (const [name, type] of [
    ["reveal.mjs", "text/javascript"],
    ["reveal.css", "text/css"],
  ] as const)
    host.files.set(`/${name}`, { body: readFileSync(new URL(name, dist)), type });
  host.page("/slides", reveal(`${baseURL}next-token.js`));
  host.page("/lesson", lesson(`${baseURL}next-token.js`));
  address = await host.listen();
});
test.afterAll(() => host.close());

const press = (page: Page, ...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const leave = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).blur());

test("in a deck of reveal.js typing and arrows stay in the element, and the others move the deck", async ({
  page,
}) => {
  await page.goto(`${address}/slides`);
  const it = new ThePage(page);
  const slide = () =>
    page.evaluate(() => {
      const deck = Reflect.get(window, "deck");
      return { at: deck.getIndices().h, paused: deck.isPaused(), overview: deck.isOverview() };
    });
  const here = { at: 1, paused: false, overview: false };
  await expect.poll(slide).toEqual(here);

  await it.prompt.focus();
  await page.keyboard.type(text);
  await press(page, "ArrowLeft", "Home", "End", "PageUp");
  await expect(it.prompt).toHaveValue(text);
  await it.newTokens.focus();
  await press(page, "ArrowUp");
  await expect(it.newTokens).toHaveValue("4");
  await page.getByRole("combobox", { name: "Pace" }).focus();
  await press(page, "s", "ArrowDown");
  expect(await slide()).toEqual(here);

  await it.button("Step").focus();
  await press(page, "ArrowRight");
  await expect(it.status).toContainText("Step 1 of 7");
  await press(page, "ArrowLeft", "r", "Space");
  expect(await slide()).toEqual(here);

  await press(page, "n"); // which the element has no use for
  await expect.poll(slide).toEqual({ ...here, at: 2 });
  await leave(page);
  await press(page, "ArrowLeft");
  await expect.poll(slide).toEqual(here);
});

test("on pages with shortcuts what is typed arrives whole, and nothing moves that the element moves", async ({
  page,
}) => {
  await page.goto(`${address}/lesson`);
  const it = new ThePage(page);
  const moved = () => page.evaluate(() => (Reflect.get(window, "moved") as string[]).splice(0));

  await it.prompt.focus();
  await page.keyboard.type(`${text} bad k?`);
  await press(page, "ArrowLeft", "ArrowRight", "PageDown", "Shift+Home", "Control+c", "End", "Control+v");
  await expect(it.prompt).toHaveValue(`${text} bad k?`.repeat(2));
  await it.open("Model");
  await page.getByRole("combobox", { name: "Model", exact: true }).selectOption("form:address");
  const field = page.locator("input[type=url]");
  await field.focus();
  await page.keyboard.type("https://a.example/food/snap.bin?k");
  await press(page, "ArrowLeft");
  await expect(field).toHaveValue("https://a.example/food/snap.bin?k");
  await it.newTokens.focus();
  await press(page, "ArrowUp", "ArrowDown", "ArrowLeft");
  await page.getByRole("combobox", { name: "Pace" }).focus();
  await press(page, "s", "ArrowDown", "f");
  expect(await moved()).toEqual([]);

  await it.button("Back").focus();
  await press(page, "ArrowRight", "ArrowLeft", "p", "r", "Space", "Enter");
  expect(await moved()).toEqual([]);
  await press(page, "n", "?");
  expect(await moved()).toEqual(["theme n", "book ?"]);
  await leave(page);
  await press(page, "ArrowRight");
  expect(await moved()).toEqual(["book ArrowRight", "manual ArrowRight", "slides ArrowRight"]);
  await press(page, "k", "a");
  expect(await moved()).toEqual(["first k", "notebook a"]);
});
