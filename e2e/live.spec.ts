import { expect, type Page, test } from "@playwright/test";
import { makeCheckpoint } from "../tools/make-checkpoint.ts";
import { tasksDuring } from "./main-thread.ts";
import { noViolations } from "./no-violations.ts";
import { ThePage } from "./the-page.ts";

// With a model that answers while one types nobody has to press Play. This one is so small that a busy machine does, too.
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
  await page.goto(`./#device=${device}&max-new-tokens=8`);
  const it = new ThePage(page);
  await it.open("Model");
  await page.getByRole("combobox", { name: "Model" }).selectOption({ label: "A file from this computer…" });
  await page
    .getByLabel("A checkpoint")
    .setInputFiles([`${folder}/model.safetensors`, `${folder}/config.json`]);
  await it.open("Model");
  await expect(async () => {
    await it.play();
    await expect(it.status).toHaveText(/^Finished: /);
    await it.button("Reset").click();
    await expect(preview(page)).toBeVisible({ timeout: 2000 });
  }).toPass(); // the first steps compile, and on a busy machine others may be too slow to type along
  return it;
}

const preview = (page: Page) => page.getByRole("table", { name: "What would come next" });

/** Types at the end of the prompt, one key after the other. @returns how long each took until its table was drawn, in ms */
async function keyTimes(it: ThePage, keys: string): Promise<number[]> {
  const times: number[] = [];
  await it.prompt.press("End");
  for (const key of keys) {
    const drawn = preview(it.page).evaluate(
      (table) =>
        new Promise<number>((resolve) => {
          const body = () => table.querySelector("tbody")!.textContent;
          const before = body();
          let pressed = 0;
          const look = () =>
            body() === before ? requestAnimationFrame(look) : resolve(performance.now() - pressed);
          window.addEventListener(
            "keydown",
            () => {
              pressed = performance.now();
              look();
            },
            { once: true, capture: true },
          );
        }),
    );
    await it.prompt.press(key);
    times.push(await drawn);
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
  const seen = await page.evaluateHandle(() => {
    const states = new Set<string>();
    const deep = (root: ParentNode): Element[] =>
      [...root.querySelectorAll("*")].flatMap((each) => [
        each,
        ...(each.shadowRoot ? deep(each.shadowRoot) : []),
      ]);
    const look = () => {
      for (const each of deep(document))
        if (each.matches("button, .outdated") && each.closest("next-token-controls, .outdated, .opening"))
          states.add(`${each.textContent!.trim()} ${each.getAttribute("aria-disabled")}`);
      requestAnimationFrame(look);
    };
    look();
    return states;
  });
  for (const [i, key] of [" ", "w", "e"].entries()) {
    await it.prompt.press(key);
    await expect(queries).toHaveCount(i === 0 ? 5 : 5);
  }
  await expect(queries.last()).toHaveAccessibleName(/we/);
  await expect(page.getByText("Layer 1, head 1").last()).toBeVisible();
  console.log(await seen.evaluate((states) => [...states]));
});
