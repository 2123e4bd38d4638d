import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { HostServer } from "./host-server.ts";
import { layoutFaults } from "./layout-faults.ts";
import { ThePage } from "./the-page.ts";

// The element on somebody's page, with what that page chose of it, and the small model, which has something to say.

const lesson = (script: string, attributes: string) => `<!doctype html>
<html lang="en">
  <meta name="color-scheme" content="light dark" />
  <title>Lesson 5</title>
  <script type="module" src="${script}"></script>
  <main>
  <h1>Lesson 5</h1>
  <next-token model="small" prompt="Words: pig, cow. Again: pig" max-new-tokens="3" ${attributes}></next-token>
  </main>
  <script>
    window.told = [];
    document.addEventListener("prediction", ({ detail }) => told.push(detail));
  </script>
</html>`;

const host = new HostServer();
let address: string;
test.beforeAll(async ({ baseURL }) => {
  const script = `${baseURL}next-token.js`;
  host.page("/predict", lesson(script, 'predict panels="tokens probabilities attention" controls="token"'));
  host.page("/one", lesson(script, 'panels="tokens probabilities" controls="play token reset" locked'));
  host.page("/all", lesson(script, ""));
  host.page("/poster", lesson(script, 'reveal="interaction"'));
  address = await host.listen();
});
test.afterAll(() => host.close());

const screens = [
  { width: 300, height: 640 },
  { width: 390, height: 844 },
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
];

async function hasItsPlace(it: ThePage, state: string): Promise<void> {
  for (const size of screens) {
    await it.page.setViewportSize(size);
    await it.page.evaluate(() => scrollTo(0, 0));
    const faults = await layoutFaults(it.page, { isTallAllowed: false });
    expect.soft(faults, `${state}, ${size.width} pixels`).toEqual([]);
  }
}

test("a question for each token, by keyboard alone, and nothing of its answer", async ({ page }) => {
  const it = new ThePage(page);
  await page.goto(`${address}/predict`);
  await it.button("Token").focus();
  await page.keyboard.press("Enter");
  const choices = page
    .getByRole("group", { name: "What comes next?" })
    .getByRole("listitem")
    .getByRole("button");
  await expect(choices).toHaveCount(10);
  await expect(it.status.first()).toHaveText("What comes next?");
  const texts = await choices.locator(".chip-text").allTextContents();
  expect(texts.map((text) => text.replace("·", "").toLowerCase())).toEqual(
    texts.map((text) => text.replace("·", "").toLowerCase()).sort(),
  );
  await expect(it.candidates).toHaveCount(0);
  await expect(it.chips).toHaveCount(9);
  await it.open("Into the model");
  await expect(page.getByText("Here one could read what comes next.")).toBeVisible();
  await hasItsPlace(it, "asked");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  await choices.filter({ hasText: "," }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Right: , comes next.")).toBeVisible();
  await expect(page.getByText("1 of 1 right")).toBeVisible();
  await expect(it.chips).toHaveCount(10);
  await expect(it.candidates).toBeVisible();
  await hasItsPlace(it, "answered");

  await expect(it.button("Next question")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(choices.first()).toBeFocused();
  await page.getByRole("textbox", { name: "Or type it" }).fill("elephant");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Wrong: ·cow comes next.*was not among the likeliest\.$/)).toBeVisible();
  const told = await page.evaluate(() => Reflect.get(window, "told"));
  expect(told).toMatchObject([
    { row: 0, position: 9, right: true, guess: { text: "," }, score: { right: 1, asked: 1 } },
    { row: 0, position: 10, right: false, chosen: { text: " cow" }, score: { right: 1, asked: 2 } },
  ]);
});

test("two panels and three buttons, locked, on every screen", async ({ page }) => {
  const it = new ThePage(page);
  await page.goto(`${address}/one`);
  await hasItsPlace(it, "fresh");
  await it.button(/^Play/).click();
  await expect(it.status.first()).toHaveText(/^Finished: Words: pig, cow\. Again: pig, cow\./, {
    timeout: 60_000,
  });
  await hasItsPlace(it, "played");
  await expect(page.getByRole("textbox")).toHaveCount(0);
  await expect(page.getByRole("region", { name: "The loop" })).toHaveCount(0);
});

test("all of it, in a box of 300 pixels and on a slide", async ({ page }) => {
  const it = new ThePage(page);
  await page.goto(`${address}/all`);
  await it.button(/^Step/).click();
  await it.button(/^Step/).click();
  await expect(page.getByText("The last row, 8,").first()).toBeVisible();
  await hasItsPlace(it, "walked");
});

test("a press shows what was covered, and nothing was fetched before", async ({ page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  const it = new ThePage(page);
  await page.goto(`${address}/poster`);
  await expect(it.button("Show it")).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(fetched.filter((path) => /gpt2|small-model/.test(path))).toEqual([]);
  await hasItsPlace(it, "covered");
  await it.button("Show it").click();
  await expect(it.chips).toHaveCount(9);
  await expect(it.button("Show it")).toHaveCount(0);
});
