import { readFileSync } from "node:fs";
import { type CDPSession, expect, type Locator, test } from "@playwright/test";
import { loadTokenizer } from "../src/tokenizer/tokenizer.ts";
import { makeCheckpoint } from "../tools/make-checkpoint.ts";
import { speakingCheckpoint } from "../tools/speaking-checkpoint.ts";
import { CheckpointServer } from "./checkpoint-server.ts";
import { layoutFaults } from "./layout-faults.ts";
import { ThePage } from "./the-page.ts";
import { watchViolations } from "./violations.ts";

// The built page, walked through all that can be open on it: in every state nothing is refused by its policy, nobody
// else is asked for anything, and everything has its place on every screen. One page, small models.
test.describe.configure({ mode: "serial", timeout: 240_000 });

/** In CSS pixels; a zoom of 200 % is half as many of them, each twice as large. */
const screens = {
  "320 pixels": { width: 320, height: 640, scale: 1 },
  "390 pixels": { width: 390, height: 844, scale: 1 },
  "768 pixels": { width: 768, height: 1024, scale: 1 },
  "1366 pixels": { width: 1366, height: 768, scale: 1 },
  "1920 pixels": { width: 1920, height: 1080, scale: 1 },
  "1280 at 200 %": { width: 640, height: 360, scale: 2 },
  "1280 at 400 %": { width: 320, height: 180, scale: 4 },
  "1920 at 200 %": { width: 960, height: 540, scale: 2 },
  "1920 at 400 %": { width: 480, height: 270, scale: 4 },
} as const;

const server = new CheckpointServer();
let host: string;
let it: ThePage;
let session: CDPSession;
let violations: () => Promise<string[]>;
/** Where requests went other than to the page's own site and the one that was pressed for. */
const elsewhere = new Set<string>();

const panels = ["Model", "Switches", "The code", "Into the model", "Into the GPU", "Share and keep"];
const LONG = "a-name-that-goes-on-and-on-".repeat(6);

test.beforeAll(async ({ browser }) => {
  host = await server.listen();
  const twelve = { vocab_size: 50257, n_positions: 64, n_embd: 48, n_layer: 12, n_head: 12, seed: 9 };
  const folder = `${test.info().project.outputDir}/every-state`;
  await makeCheckpoint(twelve, folder);
  server.files.set("/twelve/model.safetensors", readFileSync(`${folder}/model.safetensors`));
  server.files.set("/twelve/config.json", readFileSync(`${folder}/config.json`, "utf8"));
  // Tokens with the longest texts that the vocabulary has, and the narrowest.
  const tokenizer = await loadTokenizer();
  const texts = ["-".repeat(64), " ".repeat(40), "ÃÂ".repeat(8), " telecommunications", "\n", "\ufffd", " 1"];
  const ids = texts.flatMap((text) => tokenizer.encode(text)).slice(0, 24);
  server.files.set(`/${LONG}/model.safetensors`, speakingCheckpoint(ids, 4));
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  it = new ThePage(await context.newPage());
  session = await context.newCDPSession(it.page);
  violations = await watchViolations(it.page);
  const { origin } = new URL(test.info().project.use.baseURL!);
  it.page.on("request", (request) => {
    const to = new URL(request.url());
    if (/^https?:$/.test(to.protocol) && ![origin, host].includes(to.origin)) elsewhere.add(to.href);
  });
});

test.afterAll(async () => {
  await it.page.context().close();
  server.close();
});

test.afterEach(async () => {
  expect(await violations()).toEqual([]);
  expect([...elsewhere], "no request to anybody else").toEqual([]);
});

/** That everything has its place, on every screen. */
async function hasItsPlace(state: string): Promise<void> {
  const found: string[] = [];
  for (const [screen, { width, height, scale }] of Object.entries(screens)) {
    const metrics = { width, height, deviceScaleFactor: scale, mobile: false };
    await session.send("Emulation.setDeviceMetricsOverride", metrics);
    await it.page.evaluate(() => scrollTo(0, 0)); // further down the buttons of a narrow page lie over it, on purpose
    const faults = await layoutFaults(it.page, { isTallAllowed: scale > 1 });
    found.push(...faults.map((fault) => `${state}, ${screen}: ${fault}`));
  }
  await wide();
  expect.soft(found).toEqual([]);
}

const wide = () =>
  session.send("Emulation.setDeviceMetricsOverride", {
    width: 1366,
    height: 768,
    deviceScaleFactor: 1,
    mobile: false,
  });

test("before anything was pressed", async () => {
  await wide();
  await it.page.goto(`./#model=${encodeURIComponent(`${host}/twelve/model.safetensors`)}`);
  await expect(it.chips).toHaveCount(4);
  await hasItsPlace("fresh");
  for (const panel of panels) await it.open(panel);
  await expect(it.button("Copy link")).toBeVisible();
  await expect(it.button("Measure an iteration")).toBeVisible();
  await hasItsPlace("panels open");
});

test("while a model loads", async () => {
  let end = () => {};
  server.held = { from: 4 * 1024 * 1024, until: new Promise<void>((resolve) => (end = resolve)) };
  await it.newTokens.fill("6");
  await it.newTokens.press("Enter");
  await it.play();
  await hasItsPlace("asking about a host");
  await it.page.getByRole("dialog").getByRole("button", { name: "Allow" }).click();
  await expect(it.page.getByRole("progressbar")).toBeVisible();
  await expect(it.page.getByText(/ of 11 MB/)).toBeVisible();
  await hasItsPlace("loading");
  server.held = undefined;
  end();
  await isFinished();
  await hasItsPlace("played");
});

/** The panel to share has a status of its own. */
const isFinished = () =>
  expect(it.page.locator("next-token-status").getByRole("status")).toHaveText(/^Finished: /);

const inside = () => it.page.locator("next-token-inside");

test("inside the model", async () => {
  await it.button("Look inside").click();
  await expect(it.page.getByText("12 layers, 12 heads each")).toBeVisible();
  await hasItsPlace("looking inside");
  const cells = inside().getByRole("gridcell");
  await expect(cells).toHaveCount(144);
  const boxes = await cells.evaluateAll((all) =>
    all.map((cell) => cell.getBoundingClientRect().toJSON() as DOMRect),
  );
  const [first] = boxes;
  for (const { width, height } of boxes) {
    expect(Math.abs(width - height)).toBeLessThan(2);
    expect(Math.abs(width - first!.width)).toBeLessThan(1);
  }
  expect(new Set(boxes.map(({ left }) => Math.round(left))).size, "columns").toBe(12);
  expect(new Set(boxes.map(({ top }) => Math.round(top))).size, "rows").toBe(12);
  const map = (await inside().locator("next-token-attention-map canvas").boundingBox())!;
  expect(map.width).toBeGreaterThan(200);
  expect(map.width).toBeCloseTo(map.height, 0);
  const tints = await inside()
    .locator("next-token-query-reading li")
    .evaluateAll((all) =>
      all.map((li) => ({
        weight: Number(li.querySelector(".weight")!.textContent),
        opacity: Number(getComputedStyle(li.querySelector(".tint")!).opacity),
      })),
    );
  for (const { weight, opacity } of tints) expect(opacity).toBeCloseTo(0.07 + 0.93 * Math.sqrt(weight), 1);
  const legend = await inside()
    .locator(".scale span")
    .evaluateAll((all) => all.map((step) => Number(getComputedStyle(step).opacity)));
  expect(legend[0]).toBeLessThan(0.1);
  expect(legend.at(-1)).toBe(1);

  await inside().getByText("All weights of this head as a table").click();
  await inside().getByText("The lengths as a table").click();
  await hasItsPlace("its tables open");

  await inside().getByRole("checkbox", { name: "Take this head away" }).check();
  await expect(inside().getByText("Away: layer 0, head 0.")).toBeVisible();
  await hasItsPlace("a head taken away");
  await it.button("Put all heads back").click();
  await expect(inside().getByText("No head is away.")).toBeVisible();
});

/** Presses keys on what is focused. */
const press = async (on: Locator, ...keys: string[]) => {
  await on.focus();
  for (const key of keys) await it.page.keyboard.press(key);
};

test("a thousand hovers, and the arrow keys", async () => {
  const arrows = ["ArrowDown", "ArrowRight", "ArrowDown", "End", "ArrowLeft", "ArrowUp", "Home"];
  await press(inside().getByRole("gridcell", { selected: true }).getByRole("button"), ...arrows);
  await expect(inside().getByText("Layer 1, head 0", { exact: true })).toBeVisible();
  await press(
    inside().getByRole("radio", { checked: true }),
    "Home",
    "ArrowDown",
    "ArrowDown",
    "End",
    "ArrowUp",
  );
  for (const element of ["next-token-attention-grid", "next-token-attention-map", "next-token-loop-code"]) {
    const box = (await it.page.locator(element).boundingBox())!;
    await it.page.locator(element).scrollIntoViewIfNeeded();
    for (let i = 0; i < 334; i++)
      await it.page.mouse.move(box.x + ((i * 37) % box.width), 20 + ((i * 53) % 700));
  }
});

test("into the GPU", async () => {
  await it.button("Measure an iteration").click();
  await expect(it.page.getByText("trf_blocks.11")).toBeVisible();
  await it.button("trf_blocks.3").click();
  await hasItsPlace("measured");
  const machine = it.page.locator("next-token-machine");
  for (const share of await machine.getByText(/^\d+ %$/).allTextContents())
    expect(Number.parseInt(share, 10)).toBeLessThanOrEqual(100);
  await machine
    .getByRole("button", { name: /layer-norm/ })
    .first()
    .click();
  const dialog = it.page.getByRole("dialog");
  await expect(dialog).toContainText("export function layerNorm");
  await hasItsPlace("a shader");
  await it.page.keyboard.press("Escape");
});

test("the code, and what its names hold", async () => {
  const python = it.page.getByRole("region", { name: "The notebook's loop, in Python", exact: true });
  await python.getByRole("button", { name: "probabs" }).first().focus();
  await expect(it.page.getByRole("tooltip")).toBeVisible();
  await hasItsPlace("a tip");
  await it.page.keyboard.press("Escape");
});

test("what is taken away", async () => {
  await it.button("Copy link").click();
  await it.button("Copy text").click();
  for (const name of ["Save trace (JSON)", "Save picture (SVG)", "Save picture (PNG)"]) {
    const [download] = await Promise.all([it.page.waitForEvent("download"), it.button(name).click()]);
    const saved = readFileSync((await download.path())!);
    expect(saved.length).toBeGreaterThan(2000);
    if (name.includes("SVG")) expect(saved.toString()).not.toMatch(/\sstyle=/);
  }
  await hasItsPlace("saved");
  await it.page.emulateMedia({ media: "print" });
  await expect(it.page.getByRole("heading", { name: "Every iteration" })).toBeVisible();
  expect((await it.page.pdf()).length).toBeGreaterThan(10_000);
  await it.page.emulateMedia({ media: "screen" });
});

test("a batch, sampling, a short context", async () => {
  await it.button("Reset").click();
  for (let row = 1; row < 8; row++) await it.button("Add a prompt").click();
  await expect(it.page.getByRole("textbox", { name: /^Prompt, row/ })).toHaveCount(8);
  await hasItsPlace("eight prompts");
  await it.page.getByRole("radio", { name: "sampled" }).check();
  await it.page.getByRole("spinbutton", { name: "Context size in tokens" }).fill("6");
  await it.page.getByRole("spinbutton", { name: "Context size in tokens" }).press("Enter");
  await it.play();
  await isFinished();
  await hasItsPlace("eight rows");
});

test("errors, of prompts and of addresses", async () => {
  await it.page
    .getByRole("textbox", { name: "Prompt, row 0" })
    .fill(`Every effort moves you ${"x".repeat(400)}`);
  await expect(it.failure.first()).toBeVisible();
  await hasItsPlace("prompts refused");
  for (let row = 1; row < 8; row++) await it.button("Remove row 1").click();
  await it.page.getByRole("combobox", { name: "Model" }).selectOption({ label: "An address…" });
  await hasItsPlace("an address asked for");
  await it.page.getByRole("textbox", { name: /^Address/ }).fill(`ftp://${LONG}.example/${LONG}`);
  await it.button("Use").click();
  await hasItsPlace("an address refused");
  await it.page.getByRole("textbox", { name: /^Address/ }).fill(`https://hub.example/${LONG}.safetensors`);
  await it.button("Use").click();
  await it.prompt.fill("Hello, I am");
  await it.play();
  await hasItsPlace("asking about a long address");
  await it.page.keyboard.press("Escape");
  await it.page.getByRole("combobox", { name: "Model" }).selectOption({ label: "An address…" });
  await it.page.getByRole("textbox", { name: /^Address/ }).fill(`${host}/${LONG}-not-there.safetensors`);
  await it.button("Use").click();
  await it.play(); // of this host somebody agreed to
  await expect(it.failure).toBeVisible();
  await hasItsPlace("an address that leads nowhere");
});

test("long tokens, many of them, from a model with a long name", async () => {
  await it.page.getByRole("combobox", { name: "Model" }).selectOption({ label: "An address…" });
  await it.page.getByRole("textbox", { name: /^Address/ }).fill(`${host}/${LONG}/model.safetensors`);
  await it.page.getByRole("spinbutton", { name: /^Heads/ }).fill("1");
  await it.button("Use").click();
  await it.page.getByRole("radio", { name: "greedy" }).check();
  await it.page.getByRole("spinbutton", { name: "Context size in tokens" }).fill("64");
  await it.page.getByRole("spinbutton", { name: "Context size in tokens" }).press("Enter");
  await it.newTokens.fill("24");
  await it.newTokens.press("Enter");
  await it.play();
  await isFinished();
  await it.button(/^Look/).click();
  await expect(it.page.getByText("1 layer, 1 head each")).toBeVisible();
  await it.button(/^Measure/).click();
  await expect(it.page.getByText("trf_blocks.0")).toBeVisible();
  await hasItsPlace("long tokens");
  await it.newTokens.fill("30");
  await it.newTokens.press("Enter");
  await it.play();
  await isFinished();
  await it.button(/^Look/).click();
  await expect(inside().getByRole("radio")).not.toHaveCount(27); // those of before
  await hasItsPlace("58 tokens");
});

test("the small model, what it never saw, and its training", async () => {
  await it.button("See a small trained one").click();
  await it.prompt.fill(`Words: pig ${LONG}. Again: pig`);
  await it.newTokens.fill("4");
  await it.newTokens.press("Enter");
  await it.play();
  await isFinished();
  await it.open("Training");
  await hasItsPlace("the small model, with its training open");
  await it.page.getByRole("combobox", { name: "Try" }).selectOption({ label: "Who gets the gift" });
  await isFinished();
  await it.button("Write the text of every step").click();
  await expect(it.button("Write the text of every step")).toHaveAttribute("aria-disabled", "true");
  await it.button("Take it away").click();
  await isFinished();
  await hasItsPlace("the texts of every step, and a head away");
});
