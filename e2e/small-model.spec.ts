import { expect, type Page, type Request, test } from "@playwright/test";
import heads from "../small-model/heads.json" with { type: "json" };
import record from "../small-model/record.json" with { type: "json" };
import { examples } from "../src/lesson/small-model/examples.ts";
import { HostServer } from "./host-server.ts";
import { noViolations } from "./no-violations.ts";
import { ThePage } from "./the-page.ts";

// The small model that comes with the page, at every number of steps of its training.

const [gift] = examples;
const { accuracy } = record.snapshots.at(-1)!;

/** Requests of the small model's weights, from now on. */
function weightsAsked(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request: Request) => {
    const [, file] = /\/small-model\/(small-\d+)\./.exec(request.url()) ?? [];
    if (file) asked.push(file);
  });
  return asked;
}

const slider = (page: Page) => page.getByRole("slider", { name: "Steps of training" });
const examplesMenu = (page: Page) => page.getByRole("combobox", { name: "Try" });
const preview = (page: Page) => page.getByRole("table", { name: "What would come next" });

/** By this clock the model answers fast enough for a preview, however busy the machine is. */
const patiently = (page: Page) =>
  page.addInitScript(() => {
    const now = performance.now.bind(performance);
    performance.now = () => now() / 50;
  });

test("from the notebook's model to a trained one in a press, and back", async ({ page }) => {
  await patiently(page);
  const asked = weightsAsked(page);
  await page.goto("./");
  const it = new ThePage(page);
  await expect(it.chips).toHaveCount(4);
  expect(asked).toEqual([]);

  await it.button("See a small trained one").click();
  await expect(it.prompt).toHaveValue(gift!.prompt);
  await expect(preview(page).getByRole("rowheader").first()).toContainText("·Sarah"); // nobody pressed Play
  expect(asked).toEqual(["small-12000"]);
  await it.play();
  await expect(it.status).toHaveText(
    /^Finished: When Sarah and Jack went to the museum, Jack brought the drum to Sarah\./,
  );
  await expect.poll(() => new URL(page.url()).hash).toContain("model=small");

  await it.button("Back to the notebook's GPT-2").click();
  await expect(it.prompt).toHaveValue("Hello, I am");
  await expect(slider(page)).toHaveCount(0);
  await it.newTokens.fill("2");
  await it.play();
  await expect(it.status).toHaveText("Finished: Hello, I am Featureiman");
});

test("the slider goes through the training by key, and writes the same prompt anew at each step", async ({
  page,
}) => {
  const asked = weightsAsked(page);
  await page.goto("./#model=small%3A50&max-new-tokens=4&prompt=The+opposite+of+cold+is");
  const it = new ThePage(page);
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /^50 steps, loss 7\.\d\d$/);
  expect(asked).toEqual([]); // a link fetches nothing
  await it.play();
  await expect(it.status).toHaveText(/^Finished: The opposite of cold is/);
  const gibberish = await it.status.textContent();

  await slider(page).press("ArrowLeft");
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /^0 steps, loss 10\.9\d$/);
  await expect(page.getByText("nobody has trained it yet")).toBeVisible();
  await expect(it.status).toHaveText(/^Finished: The opposite of cold is/);
  expect(asked).toEqual(["small-50"]); // of step 0 there is no file
  await slider(page).press("End");
  await expect(it.status).toHaveText(/^Finished: The opposite of cold is hot/);
  expect(await it.status.textContent()).not.toBe(gibberish);
  await expect.poll(() => new URLSearchParams(new URL(page.url()).hash.slice(1)).get("model")).toBe("small");

  await it.open("Training");
  const table = page.getByRole("region", { name: "Training, as a table" });
  const rowOf = (step: string) =>
    table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: `after ${step} steps` }) });
  await expect(rowOf("12,000")).toContainText("hot");
  await expect(rowOf("12,000")).toHaveAttribute("aria-current", "true");
  await it.button("Write the text of every step").click();
  await expect(rowOf("12,000")).toContainText("hot");
  await expect(it.button("Write the text of every step")).toHaveAttribute("aria-disabled", "true");
  expect(new Set(asked).size).toBe(record.snapshots.length - 1);
  await it.button("Look at it after 500 steps").click();
  await expect(it.status).toHaveText(/^Finished: The opposite of cold is/);
  await expect(page.getByText("trained for 500 steps")).toBeVisible();
});

test("every example has its sentence, how often such prompts are right, and the model's answer", async ({
  page,
}) => {
  await patiently(page);
  await page.goto("./");
  const it = new ThePage(page);
  await it.button("See a small trained one").click();
  for (const { kind, name, prompt, answer, look } of examples) {
    await examplesMenu(page).selectOption({ label: name });
    await expect(it.prompt).toHaveValue(prompt);
    await expect(page.getByText(look)).toBeVisible();
    const right = Math.round(100 * (accuracy as Record<string, number>)[kind]!);
    await expect(page.getByText(`${right} % of such prompts get the right token`)).toBeVisible();
    if (right >= 95)
      await expect(preview(page).getByRole("rowheader").first()).toContainText(answer.replace(" ", "·"));
  }
});

test("where to look: the head that carries a task, its attention, and the answer without it", async ({
  page,
}) => {
  await patiently(page);
  await page.goto("./");
  const it = new ThePage(page);
  await it.button("See a small trained one").click();
  const { layer, head, accuracy } = heads.carriers.gifts[0]!;
  await expect(page.getByText(`layer ${layer}, head ${head}`)).toBeVisible();
  await expect(page.getByText(`${Math.round(100 * accuracy)} % instead of`)).toBeVisible();
  const top = preview(page).getByRole("row").nth(1);
  await expect(top).toContainText("·Sarah");
  const whole = await top.textContent();
  await it.button("Take it away").click();
  await expect(it.button("Put it back")).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => top.textContent()).not.toBe(whole);
  await it.button("Put it back").click();
  await expect.poll(() => top.textContent()).toBe(whole);

  await it.button("See what it looks at").click();
  await expect(page.getByText(`Layer ${layer}, head ${head}`, { exact: true })).toBeVisible();
  await expect(
    page.getByRole("heading", { name: "Attention: which tokens each token looks at" }),
  ).toBeFocused();
});

test("what the model never saw is marked, in the text and among the likeliest, and said", async ({
  page,
}) => {
  await page.goto("./#model=small%3A0&prompt=The+zebra+is+in&max-new-tokens=1");
  const it = new ThePage(page);
  await expect(page.getByText(/The small model never saw “z” and 1 more of these tokens/)).toBeVisible();
  await expect(it.chips.filter({ hasText: "never seen in training" })).toHaveCount(2);
  await it.play();
  await expect(
    it.candidates.getByRole("rowheader").filter({ hasText: "never seen in training" }),
  ).not.toHaveCount(0);
  await noViolations(page);
});

test("what was fetched once is there without a network", async ({ page, context }) => {
  await page.goto("./#model=small&max-new-tokens=1&prompt=Tomorrow+is+Monday.+Today+is");
  const it = new ThePage(page);
  await it.play();
  await expect(it.status).toHaveText(/Today is Sunday$/);
  await context.route(/\/small-model\//, (route) => route.abort());
  await page.reload();
  await it.play();
  await expect(it.status).toHaveText(/Today is Sunday$/);
});

test("a file that does not come is told, with what to do, and the slider goes on", async ({ page }) => {
  await page.route(/small-model\/small-50\./, (route) => route.abort());
  await page.goto("./#model=small%3A50&max-new-tokens=1");
  const it = new ThePage(page);
  await it.play();
  await expect(it.failure).toContainText(/download|network|connection/i, { timeout: 60_000 });
  await slider(page).press("Home");
  await it.play();
  await expect(it.status).toHaveText(/^Finished: /);
});

test("on somebody else's page: from beside the script, and only after a press", async ({ page, baseURL }) => {
  const host = new HostServer();
  host.page(
    "/",
    `<!doctype html><html lang="en"><title>Lesson</title><script type="module" src="${baseURL}next-token.js"></script>
    <next-token model="small" prompt="The opposite of cold is" max-new-tokens="1" autoplay></next-token></html>`,
  );
  const address = await host.listen();
  try {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${address}/`);
    const it = new ThePage(page);
    await expect(slider(page)).toBeVisible();
    await expect(it.chips).toHaveCount(5);
    expect(asked.filter((url) => url.includes("small-12000"))).toEqual([]);
    await it.play();
    await expect(it.status).toHaveText("Finished: The opposite of cold is hot");
    const [file] = asked.filter((url) => url.includes("small-12000"));
    expect(file).toMatch(new RegExp(`^${baseURL}small-model/small-12000`));
  } finally {
    host.close();
  }
});

test("fits a phone, with every panel of it open", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto("./");
  const it = new ThePage(page);
  await it.button("See a small trained one").click();
  await it.open("Training");
  await expect(page.getByText("What overfitting looks like")).toBeVisible();
  expect(await it.sideways()).toBe(0);
  await noViolations(page);
});
