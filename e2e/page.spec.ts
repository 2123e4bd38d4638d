import { expect, test } from "@playwright/test";
import { noViolations } from "./no-violations.ts";
import { appended, ThePage } from "./the-page.ts";

// One page and one model, used from the first look to the last: building the model is what takes time.
test.describe.configure({ mode: "serial" });

let it: ThePage;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  it = new ThePage(page);
  await page.addInitScript(() => {
    const counted: Window["counted"] = { adapters: 0, devices: [], loaded: [] };
    window.counted = counted;
    const requestDevice = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await requestDevice.call(this, descriptor);
      counted.devices.push(device);
      return device;
    };
    const requestAdapter = GPU.prototype.requestAdapter;
    GPU.prototype.requestAdapter = function (options) {
      counted.adapters++;
      return requestAdapter.call(this, options);
    };
    window.addEventListener("progress", (event: Event) => {
      if (event instanceof CustomEvent) counted.loaded.push(event.detail.loaded);
    });
  });
  await page.goto("./");
});

test.afterAll(() => it.page.context().close());

test("shows the prompt's tokens, and does nothing that nobody asked for", async () => {
  await expect(it.page).toHaveTitle("next-token");
  await expect(it.prompt).toHaveValue("Hello, I am");
  await expect(it.chips).toHaveText(["Hello15496", ",11", "·I314", "·am716"]);
  expect(await it.page.evaluate(() => window.counted.adapters)).toBe(0);
  await noViolations(it.page);
});

test("splits the prompt while it is typed, and says what is unusual about it", async () => {
  await it.prompt.fill("Hello ");
  await expect(it.chips).toHaveText(["Hello15496", "·220"]);
  await expect(it.page.getByText("The prompt ends with a space")).toBeVisible();
  await it.prompt.fill("<|endoftext|>");
  await expect(it.chips).toHaveCount(7);
  await it.prompt.fill("<b>🙂</b>");
  await expect(it.chips).toHaveText([
    "<27",
    "b65",
    ">29",
    "<0xF0><0x9F>8582",
    "<0x99><0x82>25081",
    "</3556",
    "b65",
    ">29",
  ]);
  await it.prompt.fill("");
  await expect(it.chips).toHaveText(["<|endoftext|>50256"]);
  await expect(it.page.getByText("An empty prompt starts from <|endoftext|> (50256)")).toBeVisible();
});

test("takes a long prompt and crops it, one without a space too, and never freezes", async () => {
  await it.watchLongTasks();
  await it.prompt.fill("The cat sat. ".repeat(400).trim());
  await expect(
    it.page.getByText(/^1,600 tokens do not fit a context of 1,024: the first 576 are cropped/),
  ).toBeVisible();

  await it.prompt.fill("x".repeat(100_000));
  await expect(it.page.getByText(/^\d{2},\d{3} tokens do not fit a context of 1,024/)).toBeVisible();
  expect(Math.max(0, ...(await it.longTasks()))).toBeLessThan(1000);
  await expect(it.prompt).toHaveAttribute("aria-invalid", "false");
  await expect(it.button("Play")).toHaveAttribute("aria-disabled", "false");
  await it.prompt.fill("Hello, I am");
  await expect(it.chips).toHaveCount(4);
});

test("builds the model at the click and appends the notebook's tokens", async () => {
  await it.play();
  await expect(it.status).toHaveText("Building the model.");
  await expect(it.page.getByRole("progressbar")).toBeVisible();
  await expect(it.chips.nth(4)).toHaveText("·Feature27018");
  await expect(it.status).toHaveText(
    "Finished: Hello, I am Featureiman Byeswickattribute argue logger Normandy Compton analogous",
  );
  expect((await it.ids()).slice(4)).toEqual(appended.causal);
  const loaded = await it.page.evaluate(() => window.counted.loaded);
  expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
  expect(loaded.at(-1)).toBe(4 * 163_009_536);
});

test("shows the ten likeliest tokens of the last step, with probabilities over the whole vocabulary", async () => {
  const rows = it.candidates.getByRole("row");
  await expect(rows).toHaveCount(11);
  const chosen = rows.nth(1);
  await expect(chosen.getByRole("rowheader")).toHaveText("·analogous34657");
  const logits = (await rows.locator("td:last-child").allTextContents()).map((text) =>
    Number(text.replace("−", "-")),
  );
  expect(logits).toEqual([...logits].sort((a, b) => b - a));
  const shares = (await rows.locator("td:nth-child(2)").allTextContents()).map(
    (text) => Number.parseFloat(text) / 100,
  );
  expect(shares).toHaveLength(10);
  // Of one softmax: probabilities stand in the ratio of the exponentials of their logits.
  shares.forEach((share, i) => {
    expect(share / shares[0]!).toBeCloseTo(Math.exp(logits[i]! - logits[0]!), 2);
  });
  await noViolations(it.page);
});

test("says how fast it was, and that a software adapter is one", async () => {
  await expect(it.page.getByText(/First token after .+, then [\d.,]+ tokens per second/)).toBeVisible();
  const isSoftware = await it.page.evaluate(
    async () => (await navigator.gpu.requestAdapter())!.info.isFallbackAdapter,
  );
  await expect(it.page.getByText(/Software adapter .+ far slower than a graphics card/)).toBeVisible({
    visible: isSoftware,
  });
});

test("stops between two tokens, and finishes the run later", async () => {
  await it.newTokens.fill("200");
  await it.newTokens.press("Enter");
  await it.play();
  await expect.poll(() => it.chips.count()).toBeGreaterThan(14);
  await it.button("Pause").click();
  await expect(it.status).toHaveText(/^Token \d+ of 210: /);
  const stopped = await it.ids();
  expect(stopped.length).toBeLessThan(214);
  await it.page.waitForTimeout(1000);
  expect(await it.ids()).toEqual(stopped);
  await expect(it.button(`Play ${214 - stopped.length} more`)).toBeVisible();
});

test("stops within two tokens, though the next are on their way", async () => {
  const more = await it.page.evaluate(async () => {
    const element = document.querySelector("next-token")!;
    let tokens = 0;
    element.addEventListener("token", () => {
      if (++tokens === 3) element.pause();
    });
    await element.generate();
    return tokens - 3;
  });
  expect(more).toBeGreaterThanOrEqual(0);
  expect(more).toBeLessThanOrEqual(2);
});

test("goes back to the prompt", async () => {
  await it.button("Reset").click();
  await expect(it.chips).toHaveCount(4);
  await expect(it.candidates).toHaveCount(0);
  await expect(it.status).toHaveText("");
});

test("without the mask writes what the notebook printed", async () => {
  await it.newTokens.fill("10");
  await it.open("Switches");
  await it.mask("none").check();
  await expect(it.page.getByText("the notebook as printed")).toBeVisible();
  await it.play();
  await expect(it.status).toHaveText(
    "Finished: Hello, I am Feature IT snowballProtect youngstersMu 2014440[' Original",
  );
  expect((await it.ids()).slice(4)).toEqual(appended.none);
});

test("can be used from the keyboard alone", async () => {
  const { keyboard } = it.page;
  await it.mask("none").focus();
  await keyboard.press("ArrowLeft");
  await expect(it.mask("causal")).toBeChecked();
  await it.prompt.focus();
  await keyboard.press("Control+A");
  await keyboard.type("Hello, I am");
  await keyboard.press("Tab"); // Add a prompt
  for (const name of ["Play", "Back", "Step", "Token"]) {
    await keyboard.press("Tab");
    await expect(it.button(name)).toBeFocused();
  }
  await keyboard.press("Enter"); // Token
  await expect(it.status).toHaveText(
    /^Token 1 of 10: ·Feature, probability [\d.]+ %\. Iteration 1 of 10 is over\./,
  );
  await expect(it.button("Token")).toBeFocused();
  await keyboard.press("t"); // and by its shortcut
  await expect(it.status).toHaveText(/^Token 2 of 10: /);
  await it.prompt.focus();
  await keyboard.press("t"); // which in a text is a letter
  await expect(it.prompt).toHaveValue("Hello, I amt");
  await keyboard.press("Backspace");
  await keyboard.press("Control+Enter");
  await expect(it.status).toHaveText(/^Finished: /);
  expect((await it.ids()).slice(4)).toEqual(appended.causal);
});

test("goes on by itself when the GPU is lost", async () => {
  await it.button("Reset").click();
  await it.button("Token").click();
  await expect(it.status).toHaveText(/^Token 1 of 10/);
  await it.page.evaluate(() => window.counted.devices.at(-1)!.destroy());
  await expect(it.page.getByText("The browser took the GPU away. The text is kept")).toBeVisible();
  await it.play();
  await expect(it.chips.nth(6)).toBeVisible();
  await it.page.evaluate(() => window.counted.devices.at(-1)!.destroy()); // in the middle of the run, and for the second time
  await expect(it.status).toHaveText(/^Finished: /);
  await expect(it.page.getByText("took the GPU away twice: computed by")).toBeVisible();
  await expect(it.failure).toHaveCount(0);
  expect((await it.ids()).slice(4)).toEqual(appended.causal);
});

test("fits a phone and a page zoomed to 200 %", async () => {
  for (const width of [360, 683]) {
    await it.page.setViewportSize({ width, height: 740 });
    expect(await it.sideways()).toBe(0);
    await noViolations(it.page);
  }
});
