import { expect, type Page, test } from "@playwright/test";
import { layoutFaults } from "./layout-faults.ts";
import { noViolations } from "./no-violations.ts";
import { appended, ThePage } from "./the-page.ts";
import { watchViolations } from "./violations.ts";

// The notebook's page, run for real: the 124M model, the notebook's own loop, and all that it prints.

const cells = (page: Page) => page.getByRole("article");

test("every cell of the notebook comes out in the browser", async ({ page }) => {
  const violations = await watchViolations(page);
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto("./");
  await page.getByRole("link", { name: "The notebook" }).click();
  await expect(page).toHaveTitle("The notebook · next-token");
  await expect(page.locator("next-token")).toBeHidden();
  await expect(cells(page)).toHaveCount(7);
  await expect(page.getByText("○ waiting", { exact: true })).toHaveCount(7);
  await noViolations(page);

  await page.getByRole("button", { name: "Run the notebook" }).click();
  await expect(page.getByText("◌ running", { exact: true })).toHaveCount(1);
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("7 of 7 outputs agree with what was printed.");
  await expect(page.getByText("✓ agrees", { exact: true })).toHaveCount(7);
  await noViolations(page);

  // Both sides stand there, and what is said to be computed is.
  const computed = (cell: string) => page.getByRole("region", { name: `Cell ${cell}, computed here` });
  await expect(computed("B")).toHaveText("torch.Size([2, 4, 50257])");
  await expect(computed("C")).toContainText(
    "tensor([[[-0.0072, -0.2137, -0.3467,  ..., -0.3240, -0.2338, -0.1070],",
  );
  await expect(cells(page).nth(2)).toContainText(/Largest difference of 48 numbers: 0\.0000\d\d/);
  const ids = async (cell: string) => (await computed(cell).innerText()).match(/\d+/g)!.map(Number).slice(4);
  expect(await ids("E")).toEqual(appended.none);
  await expect(computed("F")).toHaveText(
    "Hello, I am Feature IT snowballProtect youngstersMu 2014440[' Original",
  );
  expect(await ids("G")).toEqual(appended.causal);

  for (const width of [320, 480, 640, 768, 960, 1366, 1920]) {
    await page.setViewportSize({ width, height: 740 });
    expect(await layoutFaults(page), `${width} pixels`).toEqual([]);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await noViolations(page);

  // On paper there is what was found, and nothing to press.
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button", { name: "Run again" })).toBeHidden();
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(page.getByText("✓ agrees", { exact: true }).first()).toBeVisible();
  await page.emulateMedia({ media: "screen" });

  // Back to the loop and here again: what was computed stays.
  await page.goBack();
  await expect(page).toHaveTitle("next-token");
  await expect(page.locator("next-token")).toBeVisible();
  await expect(page.locator("next-token-notebook")).toBeHidden();
  await page.goForward();
  await expect(page.getByText("✓ agrees", { exact: true })).toHaveCount(7);
  expect(await violations()).toEqual([]);
});

test("its address opens it", async ({ page }) => {
  await page.goto("./#notebook");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The notebook, computed in this browser");
  await expect(page.getByRole("button", { name: "Run the notebook" })).toBeVisible();
  await expect(page.locator("next-token")).toBeHidden();
});

test("a cell leads to the same place in the loop, and the loop's code back to its cell", async ({ page }) => {
  const it = new ThePage(page);
  await page.goto("./#notebook/logits");
  await expect(page.getByRole("heading", { name: "C. The logits, in training mode" })).toBeFocused();
  await page.getByRole("link", { name: "In the loop: step 2, Model output" }).last().click();
  await expect(page.getByRole("textbox", { name: "Prompt, row 1" })).toHaveValue("Every day holds a");
  await expect(page.getByText("The link leads to iteration 1, step 2: Play goes there.")).toBeVisible();
  await it.open("The code");
  await page.getByRole("link", { name: "the notebook's cell" }).click();
  const heading = page.getByRole("heading", { name: "E. The loop appends ten tokens" });
  await expect(heading).toBeFocused();
  await expect(heading).toBeInViewport();
});
