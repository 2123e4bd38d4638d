import { expect, type Page, test } from "@playwright/test";
import { makeCheckpoint } from "../tools/make-checkpoint.ts";
import { tasksDuring } from "./main-thread.ts";
import { noViolations } from "./no-violations.ts";
import { ThePage } from "./the-page.ts";

// With a model that answers while one types nobody has to press Play.
const recipe = {
  vocab_size: 50257,
  n_positions: 64,
  n_embd: 32,
  n_layer: 2,
  n_head: 4,
  seed: 8,
  prefix: true,
};

let folder: string;

test.beforeAll(async () => {
  folder = `${test.info().project.outputDir}/checkpoint-live`;
  await makeCheckpoint(recipe, folder);
});

/** The page with the model loaded and nothing appended. */
async function visit(page: Page, device: string): Promise<ThePage> {
  await page.addInitScript(() => {
    // By this clock the model is fast enough, however busy the machine is: what is too slow, unit tests say.
    const now = performance.now.bind(performance);
    performance.now = () => now() / 50;
    const press = () => Object.assign(window, { now, pressed: now() });
    window.addEventListener("keydown", press, true); // before the element's, which ends there
  });
  await page.goto(`./#device=${device}&max-new-tokens=8`);
  const it = new ThePage(page);
  await it.open("Model");
  await page.getByRole("combobox", { name: "Model" }).selectOption({ label: "A file from this computer…" });
  await page
    .getByLabel("A checkpoint")
    .setInputFiles([`${folder}/model.safetensors`, `${folder}/config.json`]);
  await it.open("Model");
  await it.play();
  await expect(it.status).toHaveText(/^Finished: /);
  await it.button("Reset").click();
  await expect(preview(page)).toBeVisible();
  return it;
}

const preview = (page: Page) => page.getByRole("table", { name: "What would come next" });

/** Types at the end of the prompt, one key after the other. @returns how long each took until its table was drawn, in ms */
async function keyTimes(it: ThePage, keys: string): Promise<number[]> {
  const times: number[] = [];
  await it.prompt.press("End");
  for (const key of keys) {
    await it.page.evaluate(() => {
      const table = document.querySelector("next-token")!.shadowRoot!.querySelector("next-token-candidates")!
        .shadowRoot!;
      const rows = () => table.querySelector("tbody")?.textContent;
      const before = rows();
      const drawn = new Promise<number>((resolve) => {
        const look = () => {
          const now = rows();
          if (now && now !== before) resolve(Reflect.get(window, "now")() - Reflect.get(window, "pressed"));
          else requestAnimationFrame(look);
        };
        look();
      });
      Object.assign(window, { drawn });
    });
    await it.page.keyboard.press(key);
    times.push(await it.page.evaluate(() => Reflect.get(window, "drawn") as Promise<number>));
  }
  return times;
}

for (const device of ["auto", "cpu"]) {
  test(`the ten likeliest follow what is typed, and Play appends the first of them: device ${device}`, async ({
    page,
    browser,
  }) => {
    const it = await visit(page, device);
    await expect(preview(page).getByRole("row")).toHaveCount(11);
    await expect(page.getByText("Nothing is appended yet.").last()).toBeVisible();
    const times = await keyTimes(it, " and then");
    console.log(`key to table, device ${device}: ${times.map(Math.round).join(", ")} ms`);
    expect(Math.min(...times)).toBeLessThan(1000); // a busy machine only ever adds to it
    const tasks = await tasksDuring(browser, page, () => keyTimes(it, " we"));
    const busy = tasks.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    console.log(`main thread a key, device ${device}: ${(busy / 3).toFixed(1)} ms`);

    await expect(it.status).toHaveText(/^Likeliest next: .+ Nothing is appended yet\.$/);
    const first = preview(page).getByRole("rowheader").first().locator(".chip-id");
    const id = Number(await first.textContent());
    const { length } = await it.ids();
    await it.play();
    await expect(it.status).toHaveText(/^Finished: Hello, I am and then we/);
    await expect(preview(page)).toHaveCount(0);
    expect((await it.ids())[length]).toBe(id);
    await noViolations(page);
  });
}

test("attention follows too, once it was looked at, and no button takes notice", async ({ page }) => {
  const it = await visit(page, "auto");
  await it.open("Into the model");
  await it.button("Look inside").click();
  await it.page.getByRole("button", { name: /^Layer 1, head 1/ }).click();
  const queries = page.getByRole("radiogroup").getByRole("radio");
  await expect(queries).toHaveCount(4);
  await it.prompt.press("End");
  await page.evaluate(() => {
    const controls = document.querySelector("next-token")!.shadowRoot!.querySelector("next-token-controls")!;
    const seen = { changes: 0 };
    Object.assign(window, { seen });
    const count = () => seen.changes++;
    new MutationObserver(count).observe(controls.shadowRoot!, {
      attributes: true,
      characterData: true,
      subtree: true,
    });
  });
  for (const key of [" ", "w", "e"]) await page.keyboard.press(key);
  await expect(queries).toHaveCount(5);
  await expect(queries.last()).toHaveAccessibleName(/we/);
  await expect(page.getByText("What is shown is of an earlier text")).toHaveCount(0);
  await expect(page.getByText("Layer 1, head 1", { exact: true })).toBeVisible();
  expect(await page.evaluate(() => Reflect.get(window, "seen"))).toEqual({ changes: 0 });
  await noViolations(page);
});
