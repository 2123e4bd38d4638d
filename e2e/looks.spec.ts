import { expect, test } from "@playwright/test";
import { covered } from "./covered.ts";
import { fontWidths, withoutOffer } from "./in-page.ts";
import fonts from "./looks/fonts.json" with { type: "json" };
import { ThePage } from "./the-page.ts";

// The page's states as pictures, in light and dark, on phone, laptop and projector, compared with those in e2e/looks/.
// After a change that is meant: npx playwright test looks --update-snapshots, and look at every picture.
test.describe.configure({ mode: "serial" });

const views = {
  laptop: { width: 1366, height: 768, colorScheme: "light" },
  "laptop-dark": { width: 1366, height: 768, colorScheme: "dark" },
  phone: { width: 390, height: 844, colorScheme: "light" },
  projector: { width: 1920, height: 1080, colorScheme: "light" },
} as const;
type View = keyof typeof views;
const everyView = Object.keys(views) as View[];

/** With all panels open, on a phone, in pixels. */
const TALLEST = 10_000;

let it: ThePage;
let isComparable: boolean;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext();
  it = new ThePage(await context.newPage());
  await it.page.addInitScript(withoutOffer);
  await it.page.goto("./");
  const here = await it.page.evaluate(fontWidths);
  isComparable = JSON.stringify(here) === JSON.stringify(fonts);
  if (!isComparable) {
    console.log(
      `NOT COMPARED: this machine's fonts differ from those of the pictures (${JSON.stringify(here)}).`,
    );
  }
});

test.afterAll(() => it.page.context().close());

/** That nothing sticks out sideways is looked at in every view, the picture compared in some. */
async function look(
  name: string,
  compared: View[],
  { page = it.page, fullPage = false } = {},
): Promise<void> {
  for (const view of everyView) {
    const { width, height, colorScheme } = views[view];
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    expect(await new ThePage(page).sideways(), `${name}, ${view}: scrolls sideways`).toBe(0);
    await page.evaluate(() => scrollTo(0, 0));
    if (!isComparable || !compared.includes(view)) continue;
    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
    expect(tall, `${name}, ${view}: a picture so high is of a page that is broken`).toBeLessThan(TALLEST);
    const mask = covered.map((css) => page.locator(css));
    await expect
      .soft(page)
      .toHaveScreenshot(`${name}-${view}.png`, { fullPage: fullPage || view === "phone", mask });
  }
}

test("before anything was pressed", async () => {
  await expect(it.chips).toHaveCount(4);
  await look("fresh", everyView);
});

test("at the fourth step", async () => {
  for (const name of [
    "Input to the model",
    "Model output",
    "Softmax conversion",
    "Selecting the next token",
  ]) {
    await it.button("Step").click();
    await expect(it.page.locator("next-token-stations [aria-current=step] .name")).toHaveText(name);
  }
  await look("argmax", everyView);
});

test("when a run is over", async () => {
  await it.newTokens.fill("4");
  await it.newTokens.press("Enter");
  await it.play();
  await it.play();
  await expect(it.status).toHaveText(/^Finished: /);
  await look("finished", ["laptop", "laptop-dark"]);
});

test("with the panels open", async () => {
  for (const panel of ["Model", "Switches", "The code", "Into the model"]) await it.open(panel);
  await it.button("Look inside").click();
  await expect(it.page.getByText("12 layers, 12 heads each")).toBeVisible();
  await look("panels", ["laptop-dark", "phone"], { fullPage: true });
});

test("with a batch that is refused", async () => {
  for (const panel of ["Model", "Switches", "The code", "Into the model"]) await it.open(panel); // closes them
  await it.button("Add a prompt").click();
  await it.page.getByRole("textbox", { name: "Prompt, row 1" }).fill("Every effort moves");
  await expect(it.failure).toHaveText(/^The prompts have 4, 3 tokens/);
  await it.page.getByRole("textbox", { name: "Prompt, row 1" }).blur();
  await look("ragged-prompts", ["laptop"]);
});

test("where nothing can compute", async ({ browser }) => {
  const page = await browser.newPage();
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "gpu"));
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
  await page.goto("./");
  await expect(new ThePage(page).chips).toHaveCount(4);
  await look("no-webgpu", ["laptop-dark", "phone"], { page });
  await page.close();
});

test("on the processor", async ({ browser }) => {
  const page = await browser.newPage();
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "gpu"));
  await page.goto("./");
  const here = new ThePage(page);
  await here.button("Token").click();
  await expect(here.status).toHaveText(/^Token 1 of 10/);
  await look("processor", ["laptop", "phone"], { page });
  await page.close();
});

test("the small model, with its training open", async ({ browser }) => {
  const page = await browser.newPage();
  await page.addInitScript(withoutOffer);
  await page.goto(
    "./#model=small%3A1800&max-new-tokens=4&prompt=Words%3A+zebra+bell+box.+Again%3A+zebra+bell",
  );
  const here = new ThePage(page);
  await here.play();
  await expect(here.status).toHaveText(/^Finished: /);
  await look("small-model", ["laptop"], { page });
  await here.open("Training");
  await expect(page.getByText("What overfitting looks like")).toBeVisible();
  await look("small-model-training", ["laptop-dark", "phone"], { page, fullPage: true });
  await page.close();
});

test("the notebook", async () => {
  await it.page.goto("./#notebook");
  await expect(it.button("Run the notebook")).toBeVisible();
  await look("notebook", ["laptop", "phone"]);
});
