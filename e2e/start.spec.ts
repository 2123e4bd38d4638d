import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import { ThePage } from "./the-page.ts";
import { watchViolations } from "./violations.ts";

// The page of `npm start`, which has the policy of the built one, so that nobody works on another page than the one that ships.

let server: ViteDevServer;
let address: string;
test.beforeAll(async () => {
  process.env.NODE_ENV = "development"; // a build in this process before would have left "production" there
  server = await createServer({
    configFile: "vite.config.ts",
    logLevel: "error",
    cacheDir: `${test.info().project.outputDir}/vite`,
    server: { port: 0, open: false },
  });
  await server.listen();
  address = `http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}/`;
});
test.afterAll(() => server.close());

test("the page that one works on has the policy of the one that ships", async ({ page }) => {
  const violations = await watchViolations(page);
  const connected = page.waitForEvent("console", (message) => message.text().includes("[vite] connected"));
  await page.goto(address);
  await connected;
  const it = new ThePage(page);
  await expect(it.chips).toHaveCount(4);
  for (const panel of ["Model", "Switches", "The code", "Into the model", "Into the GPU", "Share and keep"])
    await it.open(panel);
  await expect(it.button("Copy link")).toBeVisible();
  await expect(it.button("Measure an iteration")).toBeVisible();
  const workers = () =>
    page.evaluate(async () => {
      const path = "/src/weights/seed/seeded-workers.ts"; // a name that only this server knows
      const started = await (await import(path)).startWorkers(16);
      for (const worker of started) worker.terminate();
      return started.length;
    });
  expect(await workers(), "the workers of the weights start").toBeGreaterThan(0);
  expect(await violations()).toEqual([]);

  const refused = await page.evaluate(() => {
    const element = document.createElement("p");
    element.setAttribute("style", "display: none");
    document.body.append(element);
    const sheet = document.createElement("style");
    sheet.textContent = "p { display: none }";
    document.head.append(sheet);
    let markup = "";
    try {
      element.innerHTML = "<b></b>";
    } catch (error) {
      markup = (error as Error).name;
    }
    return { display: getComputedStyle(element).display, markup };
  });
  expect(refused).toEqual({ display: "block", markup: "TypeError" });
  const told = (await violations()).filter((violation) => !violation.startsWith("console"));
  expect(told.map((violation) => violation.split(":")[0])).toEqual(
    expect.arrayContaining(["style-src-attr", "style-src-elem", "require-trusted-types-for"]),
  );
});
