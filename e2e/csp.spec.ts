import { expect, test } from "@playwright/test";
import { loadTokenizer } from "../src/tokenizer/tokenizer.ts";
import { speakingCheckpoint } from "../tools/speaking-checkpoint.ts";
import { ThePage } from "./the-page.ts";
import { watchViolations } from "./violations.ts";

test("the built page does all it does under its policy", async ({ page }) => {
  const violations = await watchViolations(page);
  const workers: string[] = [];
  page.on("worker", (worker) => workers.push(worker.url()));
  await page.goto("./");
  const it = new ThePage(page);
  await it.button("Token").click();
  await expect(it.chips.nth(4)).toHaveText("·Feature27018");
  expect(workers.length, "the weights were made in workers").toBeGreaterThan(0);
  await it.open("Model");
  await expect(page.getByRole("combobox", { name: "Model" })).toContainText("GPT-2 124M (548 MB)");
  await page.goto("./#notebook");
  await expect(page.locator("next-token-notebook")).toBeVisible();
  expect(await violations()).toEqual([]);
});

test("the policy is there, and forbids what it should", async ({ page }) => {
  const violations = await watchViolations(page);
  await page.goto("./");
  const attempts = await page.evaluate(async () => {
    const attempt = async (work: () => unknown) => {
      try {
        await work();
        return "done";
      } catch (error) {
        return (error as Error).name;
      }
    };
    return {
      markup: await attempt(() => {
        document.body.innerHTML += "<img src=x>";
      }),
      script: await attempt(() => {
        document.createElement("script").src = "https://example.org/x.js";
      }),
      foreignWorker: await attempt(() => new Worker("data:text/javascript,1")),
      plainHttp: await attempt(() => fetch("http://example.org/")),
      style: await attempt(() => document.body.setAttribute("style", "display: none")), // without a word to the script
    };
  });
  expect(attempts).toEqual({
    markup: "TypeError",
    script: "TypeError",
    foreignWorker: "TypeError",
    plainHttp: "TypeError",
    style: "done",
  });
  const told = (await violations()).join("\n");
  expect(told).toContain("require-trusted-types-for: trusted-types-sink");
  expect(told).toContain("connect-src: http://example.org/");
  expect(told).toContain("style-src-attr: inline");
});

test("a model that speaks HTML is shown as text", async ({ page }) => {
  const violations = await watchViolations(page);
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const markup = '<img src=x onerror=alert(1)><script>alert(2)</script><a href="javascript:alert(3)">';
  const tokenizer = await loadTokenizer();
  const ids = tokenizer.encode(markup);
  const file = {
    name: "<img src=x onerror=alert(4)>.safetensors",
    mimeType: "",
    buffer: Buffer.from(speakingCheckpoint(ids, 4)),
  };
  await page.goto("./");
  const it = new ThePage(page);
  await it.open("Model");
  await page.getByRole("combobox", { name: "Model" }).selectOption({ label: "A file from this computer…" });
  await page.getByLabel("A checkpoint").setInputFiles(file);
  await it.newTokens.fill(String(ids.length));
  await it.newTokens.press("Enter");
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await it.play();
  await expect(it.status).toHaveText(`Finished: Hello, I am${markup}`);
  expect((await it.ids()).slice(4)).toEqual(ids);

  const elements = await page.evaluate(() => {
    const names: string[] = [];
    const walk = (root: ParentNode) => {
      for (const element of root.querySelectorAll("*")) {
        names.push(element.localName);
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document.body);
    return names;
  });
  expect(elements.filter((name) => name === "img" || name === "script")).toEqual([]);
  expect(elements.filter((name) => name === "a")).toHaveLength(await page.getByRole("link").count());
  expect(requests.filter((url) => !/\/assets\/|\/favicon\.svg$|^blob:/.test(url))).toEqual([]);
  expect(dialogs).toEqual([]);
  expect(await violations()).toEqual([]);
});
