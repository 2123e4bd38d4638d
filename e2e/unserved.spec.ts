import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@playwright/test";

const wayOut = "the folder has to be served";

test("opened as a file the page says that it has to be served, and how", async ({ page }) => {
  await page.goto(pathToFileURL(resolve("dist/index.html")).href);
  const words = page.locator("next-token");
  await expect(words).toContainText(wayOut, { useInnerText: true, timeout: 10_000 });
  await expect(words).toContainText("python3 -m http.server");
});

test("without its script, and without JavaScript, the page says what to do", async ({
  browser,
  page,
  baseURL,
}) => {
  await page.route("**/*.js", (route) => route.abort());
  await page.goto("./");
  const words = page.locator("next-token");
  expect(await words.innerText()).not.toContain(wayOut); // it may only be late
  await expect(words).toContainText(wayOut, { useInnerText: true, timeout: 10_000 });

  const context = await browser.newContext({ javaScriptEnabled: false });
  const still = await context.newPage();
  await still.goto(baseURL!);
  await expect(still.getByText("JavaScript may be switched off.")).toBeVisible();
  await context.close();
});

test("where the script comes it says nothing of the kind, also where nothing can compute", async ({
  page,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "gpu"));
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
  await page.goto("./");
  await expect(page.getByText("It needs JavaScript, WebGPU or WebAssembly")).toBeVisible();
  await expect(page.locator(".unserved")).toBeHidden();
});
