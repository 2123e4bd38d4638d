import { readFile } from "node:fs/promises";
import { type Download, expect, type Locator, test } from "@playwright/test";
import notebook from "../tools/parity/notebook.json" with { type: "json" };
import { noViolations } from "./no-violations.ts";
import { appended, ThePage } from "./the-page.ts";

// What one can open below the figure, and what one can take away. One page, one model.
test.describe.configure({ mode: "serial" });

let it: ThePage;
const uncaught: Error[] = [];

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  it = new ThePage(await context.newPage());
  it.page.on("pageerror", (error) => uncaught.push(error));
});

test.afterAll(() => it.page.context().close());

test("a link fills the page in and computes nothing; Play goes where it leads", async () => {
  await it.page.goto("./#max-new-tokens=5&kv-cache=off&iteration=2&step=4");
  await expect(it.newTokens).toHaveValue("5");
  await expect(it.page.getByText("The link leads to iteration 2, step 4: Play goes there.")).toBeVisible();
  await expect(it.status).toHaveText("");
  await it.play();
  await expect(it.status).toHaveText(
    /^Step 4 of 7, Selecting the next token: Index \d+ has the largest probability/,
  );
  await expect(it.chips).toHaveCount(5);
  await expect(it.page.locator("summary", { hasText: "Switches" })).toContainText("KV cache off");
});

test("a hostile link is only a strange prompt", async () => {
  const other = await it.page.context().newPage();
  const requests: string[] = [];
  other.on("request", (request) => requests.push(new URL(request.url()).host));
  const text = "<img src=x onerror=alert(1)>";
  await other.goto(
    `./#prompt=${encodeURIComponent(text)}&model=https://evil.example/m.safetensors&iteration=-1&step=99&max-new-tokens=1e9`,
  );
  const page = new ThePage(other);
  await expect(page.prompt).toHaveValue(text);
  await expect(page.newTokens).toHaveValue("1000");
  await expect(page.chips.first()).toBeVisible();
  expect(requests.filter((host) => host.includes("evil"))).toEqual([]);
  expect(await other.locator("img").count()).toBe(0);
  await other.close();
});

test("the code beside the loop: the lines at work are lit, and names tell what they hold", async () => {
  await it.open("The code");
  const python = it.page.getByRole("region", { name: "The notebook's loop, in Python", exact: true });
  const ours = it.page.getByRole("region", { name: "Ours, in TypeScript", exact: true });
  await expect(python.locator("[aria-current=step]")).toHaveText(/idx_next = torch\.argmax/);
  await expect(ours.locator("[aria-current=step]")).toHaveText(/const idx_next = await argmax/);
  await python.getByRole("button", { name: "idx_next" }).first().focus();
  await expect(it.page.getByRole("tooltip")).toContainText("[1, 1]");
  await expect(it.page.getByRole("tooltip")).toContainText("[[24086]]");
  await it.page.keyboard.press("Escape");
  await expect(it.page.getByRole("tooltip")).toBeHidden();
  await it.button("Step").click();
  await it.button("Step").click();
  await expect(python.locator("[aria-current=step]")).toHaveText(/idx = torch\.cat/);
});

/** A panel keeps what it found when the text goes on from the sixth station, and says that it is of an earlier one. */
const saysWhenOutdated = async (panel: Locator) => {
  const outdated = panel.getByText("again for");
  await expect(outdated).toHaveCount(0);
  await it.button("Step").click();
  await expect(it.status).toHaveText(/^Token 2 of 5/);
  await it.button("Step").click();
  await expect(outdated).toBeVisible();
  await it.button("Back").click();
  await it.button("Back").click();
  await expect(outdated).toHaveCount(0);
};

test("into the model: attention, norms and the logit lens of the text as it stands", async () => {
  await it.open("Into the model");
  await it.button("Look inside").click();
  await expect(it.page.getByRole("heading", { name: /^Attention/ })).toBeVisible();
  await expect(it.status).toHaveText(/^Looked inside: /);
  const attention = it.page.getByRole("region", { name: /^Attention: which tokens/ });
  await expect(attention).toContainText("12 layers, 12 heads each");
  // The lens ends at what the model really said.
  const last = it.page.locator("next-token-lens tbody tr").last();
  await expect(last).toContainText("iman");
  await expect(it.chips).toHaveCount(6); // the text is as it was
  await saysWhenOutdated(it.page.locator("next-token-inside"));
});

test("a head is taken away: it is crossed out, the link says so, and all come back", async () => {
  const panel = it.page.locator("next-token-inside");
  const away = panel.getByRole("button", { name: "Layer 0, head 0, taken away" });
  const switches = it.page.locator("summary", { hasText: "Switches" });
  await panel.getByRole("checkbox", { name: "Take this head away" }).check();
  await expect(away).toBeVisible();
  await expect(panel.getByText("Away: layer 0, head 0.")).toBeVisible();
  await expect(panel.getByText("again for")).toBeVisible();
  await expect(switches).toContainText("without head 0.0");
  await expect(it.page).toHaveURL(/ablate=0\.0/);
  await it.button("Look again").click();
  await expect(panel.getByText("again for")).toHaveCount(0);
  await it.button("Put all heads back").click();
  await expect(away).toHaveCount(0);
  await expect(switches).not.toContainText("without");
  await expect(it.page).not.toHaveURL(/ablate/);
  await it.button("Look again").click();
  await expect(it.button("Look again")).toBeVisible(); // once it has looked
  await expect(panel.getByText("again for")).toHaveCount(0);
});

test("into the GPU: every dispatch of a step, and the shader that ran", async () => {
  await it.open("Into the GPU");
  await it.page.getByRole("button", { name: /^Measure/ }).click();
  await expect(it.page.getByText("trf_blocks.11")).toBeVisible();
  await saysWhenOutdated(it.page.locator("next-token-machine"));
  await it.page
    .locator("next-token-machine")
    .getByRole("button", { name: /layer-norm/ })
    .first()
    .click();
  const dialog = it.page.getByRole("dialog");
  await expect(dialog).toContainText("@compute");
  await expect(dialog).toContainText("layer-norm");
  await it.page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("into the GPU: the kernels that were chosen, and another choice on demand", async () => {
  const panel = it.page.locator("next-token-machine");
  const chosen = panel.locator(".choice dd");
  await expect(chosen).toHaveText([/^mat/, /^mat/, /^matmul/, /^(workgroup|quad|tile)$/]);
  await it.button("Choose again").click();
  await expect(it.status).toHaveText(/^Chosen and measured: /);
  await expect(chosen).toHaveText([/^mat/, /^mat/, /^matmul/, /^(workgroup|quad|tile)$/]);
  await expect(it.chips).toHaveCount(6); // the text is as it was
});

test("nothing is against the rules of access with every panel open", async () => {
  await it.open("Model");
  await it.open("Switches");
  await it.open("Share and keep");
  await noViolations(it.page);
  for (const width of [360, 683]) {
    await it.page.setViewportSize({ width, height: 740 });
    expect(await it.sideways()).toBe(0);
  }
  await it.page.setViewportSize({ width: 1366, height: 768 });
});

const contentOf = async (download: Download) => readFile((await download.path())!);

test("link, text, trace and pictures can be taken away", async () => {
  const clipboard = () => it.page.evaluate(() => navigator.clipboard.readText());
  await it.button("Copy link").click();
  await expect.poll(clipboard).toMatch(/#max-new-tokens=5&kv-cache=off&iteration=2&step=6$/);
  await it.button("Copy text").click();
  await expect.poll(clipboard).toBe("Hello, I am Featureiman");

  const saved = async (name: string) => {
    const [download] = await Promise.all([it.page.waitForEvent("download"), it.button(name).click()]);
    return contentOf(download);
  };
  const trace = JSON.parse((await saved("Save trace (JSON)")).toString());
  expect(trace).toMatchObject({ format: "next-token-trace", version: 2, ids: [[15496, 11, 314, 716]] });
  expect(trace.settings).toEqual({ mask: "causal", contextSize: 1024, kvCache: false, sampling: null });
  const ids = trace.steps.map((step: { ids: number[] }) => step.ids[0]);
  expect(ids).toEqual(appended.causal.slice(0, 2));
  const [best, second] = trace.steps[0].top[0];
  expect(Math.abs(best.logit - second.logit - notebook.causal.margins[0]!)).toBeLessThan(2e-3);

  const picture = (await saved("Save picture (SVG)")).toString();
  expect(picture).toContain('xmlns="http://www.w3.org/2000/svg"');
  expect(picture).toContain("iman");
  const png = await saved("Save picture (PNG)");
  expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  expect(png.length).toBeGreaterThan(10_000); // bars and letters, not an empty sheet
});

test("print gives a handout", async () => {
  await it.page.emulateMedia({ media: "print" });
  await expect(it.page.getByRole("heading", { name: "Every iteration" })).toBeVisible();
  await expect(it.prompt).toBeHidden();
  await it.page.emulateMedia({ media: "screen" });
  expect(uncaught).toEqual([]);
});

test("the address follows the page, so that a reload comes back to it", async () => {
  await expect.poll(() => it.page.url()).toMatch(/#max-new-tokens=5&kv-cache=off&iteration=2&step=6$/);
  await it.page.reload();
  await expect(it.newTokens).toHaveValue("5");
  await expect(it.page.getByText("The link leads to iteration 2, step 6: Play goes there.")).toBeVisible();
  await it.prompt.fill("Every effort moves");
  await expect
    .poll(() => it.page.url())
    .toMatch(/#prompt=Every\+effort\+moves&max-new-tokens=5&kv-cache=off$/);
  await it.page.reload();
  await expect(it.prompt).toHaveValue("Every effort moves");
  await expect(it.page.getByText("The link leads")).toBeHidden();
});

test("a panel whose code does not come says what helps, and that helps", async () => {
  const other = await it.page.context().newPage();
  await other.route("**/assets/share-bar-*.js", (route) => route.abort());
  await other.goto("./");
  const page = new ThePage(other);
  await page.open("Share and keep");
  await expect(page.failure).toContainText("reload the page");
  await other.unroute("**/assets/share-bar-*.js");
  await other.reload();
  await page.open("Share and keep");
  await expect(page.button("Copy text")).toBeVisible();
  await other.close();
});
