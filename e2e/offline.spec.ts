import { expect, type Page, test } from "@playwright/test";
import { CheckpointServer } from "./checkpoint-server.ts";
import { appended, ThePage } from "./the-page.ts";

// The page without a network, after one visit.

test.use({ serviceWorkers: "allow" });

let server: CheckpointServer;
let address: string;
test.beforeEach(async () => {
  server = new CheckpointServer();
  server.addFolder("dist", "/course/demo"); // in a folder of somebody's site
  server.files.set("/course/demo/", server.files.get("/course/demo/index.html")!);
  server.files.set("/course/", "<!doctype html><title>The course</title>");
  address = `${await server.listen()}/course/demo/`;
});
test.afterEach(() => server.close());

/** What is kept of the page, by its path below it. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("next-token page "));
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => url.replace(new URL(".", location.href).href, ""));
  });

const plays = async (page: Page) => {
  const it = new ThePage(page);
  await it.play();
  await expect(it.status).toHaveText(/^Finished: Hello, I am Feature/);
  expect((await it.ids()).slice(4)).toEqual(appended.causal.slice(0, 2));
};

test("opens again and computes without a network, in a folder of a site, after a visit that fetched what it needed", async ({
  page,
}) => {
  const two = `${address}#max-new-tokens=2`;
  await page.goto(two);
  await expect.poll(() => kept(page)).toContainEqual(expect.stringMatching(/^assets\/index-.*\.js$/));
  expect((await kept(page)).filter((path) => path.startsWith("small-model"))).toEqual([]);
  await plays(page);
  server.close();
  await page.goto("about:blank");
  await page.goto(two);
  await plays(page);

  // what was never opened did not come, and says so
  await page.goto(`${address}#notebook`);
  await expect(page.getByRole("alert")).toHaveText(/could not be loaded. Check the connection/);

  // nothing else of the site is touched
  await expect(page.goto(`${new URL("..", address).href}`)).rejects.toThrow();
});

test("shows the newest page where there is a network, and forgets the one before", async ({ page }) => {
  await page.goto(address);
  await expect.poll(() => kept(page)).toContainEqual(expect.stringMatching(/^assets\/index-.*\.js$/));
  const text = (path: string) => String(server.files.get(path)!);
  const newer = text("/course/demo/index.html").replace("<html", "<html data-newer");
  server.files.set("/course/demo/", newer);
  const worker = text("/course/demo/service-worker.js");
  server.files.set(
    "/course/demo/service-worker.js",
    worker.replace(/"[0-9a-f]{16}"|`[0-9a-f]{16}`/, '"newer"'),
  );
  await page.reload();
  await expect(page.locator("html[data-newer]")).toBeAttached();
  const caches = async () => {
    await page.waitForTimeout(1500); // it looks for a newer worker
    await page.goto("about:blank"); // the old one is in nobody's hands
    await page.waitForTimeout(500);
    await page.goto(address);
    return page.evaluate(async () => (await window.caches.keys()).sort());
  };
  await expect.poll(caches).toEqual(["next-token page newer"]);
  server.close();
  await page.reload();
  await expect(page.locator("html[data-newer]")).toBeAttached();
});

test("a frame keeps nothing", async ({ page }) => {
  server.files.set("/course/", '<!doctype html><iframe title="Demo" src="demo/?embed=1"></iframe>');
  await page.goto(new URL("..", address).href);
  await expect(page.frameLocator("iframe").getByRole("textbox", { name: "Prompt" })).toBeVisible();
  await page.waitForTimeout(1000);
  expect(server.requests.map(({ path }) => path)).not.toContain("/course/demo/service-worker.js");
});
