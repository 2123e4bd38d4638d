import { expect, test } from "@playwright/test";
import { HostServer } from "./host-server.ts";
import { appended, ThePage } from "./the-page.ts";

/** Somebody's page at another address: plain HTML, the script from ours, and the tag. */
const html = (script: string) => `<!doctype html>
<html lang="en">
  <title>Lesson 4</title>
  <script type="module" src="${script}"></script>
  <script type="module" src="${script}?another-copy"></script>
  <h1>Lesson 4</h1>
  <next-token id="first" prompt="Hello, I am" max-new-tokens="3" model="seed:123" pace="fast" autoplay>
    Your browser shows this sentence when it cannot run the demo.
  </next-token>
  <next-token id="second" prompt="Hello, I am" max-new-tokens="3"></next-token>
  <next-token id="third" model="https://example.org/model.safetensors"></next-token>
  <script>
    window.told = [];
    for (const name of ["ready", "token", "done", "error"]) {
      document.addEventListener(name, ({ target, detail }) => told.push({ from: target.id, name, detail }));
    }
  </script>
</html>`;

interface Told {
  from: string;
  name: string;
  detail: { id: number; ids: number[]; text: string; position: number; code: string; probability: number };
}

const host = new HostServer();
let address: string;
test.beforeAll(async ({ baseURL }) => {
  host.page("/", html(`${baseURL}next-token.js`));
  address = await host.listen();
});
test.afterAll(() => host.close());

test("one tag on a plain page of another site", async ({ page }) => {
  const uncaught: Error[] = [];
  page.on("pageerror", (error) => uncaught.push(error));
  await page.goto(`${address}/`);
  const told = (from: string, name: string) =>
    page.evaluate(
      ([from, name]) =>
        (Reflect.get(window, "told") as Told[]).filter((event) => event.from === from && event.name === name),
      [from, name],
    );
  const details = async (from: string, name: string) => (await told(from, name)).map(({ detail }) => detail);

  // autoplay: it runs by itself
  await expect.poll(() => told("first", "done")).toHaveLength(1);
  const ids = [15496, 11, 314, 716, ...appended.causal.slice(0, 3)];
  const text = "Hello, I am Featureiman Bye";
  expect((await details("first", "done"))[0]).toEqual({ ids, text });
  const tokens = await details("first", "token");
  expect(tokens.map(({ id, text, position }) => [id, text, position])).toEqual([
    [27018, " Feature", 4],
    [24086, "iman", 5],
    [47843, " Bye", 6],
  ]);
  expect(tokens[0]!.probability).toBeGreaterThan(1 / 50257);
  expect(await told("first", "ready")).toHaveLength(1);
  expect(await new ThePage(page).contentIsShown()).toBe(false);

  // the methods, on a second element that shares the first one's weights
  const second = page.locator("#second");
  expect(await told("second", "ready")).toHaveLength(0);
  const started = Date.now();
  await second.evaluate((element: HTMLElementTagNameMap["next-token"]) => element.step());
  await second.evaluate((element: HTMLElementTagNameMap["next-token"]) => element.generate());
  console.log(`second element: three tokens in ${Date.now() - started} ms, model included`);
  expect((await details("second", "done"))[0]!.ids).toEqual(ids);
  await second.evaluate((element: HTMLElementTagNameMap["next-token"]) => element.reset());
  const tape = second.getByRole("region", { name: "Tokens, with their ids" });
  await expect(tape.getByRole("listitem")).toHaveCount(4);

  // no link to copy: this page would not follow it
  await second.locator("summary", { hasText: "Share and keep" }).click();
  await expect(second.getByRole("button", { name: "Copy text" })).toBeVisible();
  await expect(second.getByRole("button", { name: "Copy link" })).toHaveCount(0);

  // a property set and a run started in the same breath
  await second.evaluate(async (element: HTMLElementTagNameMap["next-token"]) => {
    element.prompt = "Hello, I";
    element.maxNewTokens = 1;
    await element.generate();
  });
  expect((await details("second", "done"))[1]!.ids.slice(0, 3)).toEqual([15496, 11, 314]);

  // a foreign host is asked for nothing before somebody agreed
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const third = page.locator("#third");
  const refused = third.evaluate((element: HTMLElementTagNameMap["next-token"]) => element.generate());
  const dialog = page.getByRole("dialog", { name: "Download a model from example.org?" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await refused;
  expect(asked.filter((url) => url.includes("example.org"))).toEqual([]);
  expect(await told("third", "error")).toEqual([]);

  // what it cannot do, it says
  await third.evaluate(async (element: HTMLElementTagNameMap["next-token"]) => {
    element.model = "javascript:alert(1)";
    await element.generate();
  });
  expect((await details("third", "error")).map(({ code }) => code)).toEqual(["bad-option"]);
  await expect(new ThePage(page).failure).toContainText(
    "Write a seed (seed:123), a model's name (small, gpt2)",
  );
  expect(uncaught).toEqual([]);
});
