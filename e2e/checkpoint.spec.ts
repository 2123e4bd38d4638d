import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { OVERLAP_BYTES } from "../src/weights/checkpoint/download/tail.ts";
import { makeByName } from "../tools/make-checkpoint.ts";
import pytorch from "../tools/parity/fixtures/checkpoint-page.json" with { type: "json" };
import { CheckpointServer } from "./checkpoint-server.ts";
import { noViolations } from "./no-violations.ts";
import { ThePage } from "./the-page.ts";

const PIECE = 4 * 1024 * 1024;
const [expected] = pytorch.generated as [number[]];
const count = expected.length - pytorch.idx[0]!.length;

let checkpoint: { bytes: Uint8Array; config: Uint8Array; path: string };
let server: CheckpointServer;
let host: string;
const address = () => `${host}/model.safetensors`;

test.beforeAll(async () => {
  const directory = `${test.info().project.outputDir}/checkpoint-page`;
  await makeByName("page", directory);
  const path = `${directory}/model.safetensors`;
  checkpoint = { bytes: readFileSync(path), config: readFileSync(`${directory}/config.json`), path };
});

test.beforeEach(async () => {
  server = new CheckpointServer();
  server.files.set("/model.safetensors", checkpoint.bytes);
  server.files.set("/config.json", checkpoint.config);
  host = await server.listen();
});
test.afterEach(() => server.close());

/** All files of a folder and those below it. */
/** The page with a checkpoint in its address, and as many new tokens asked for as PyTorch made. */
async function visit(page: Page, model?: string): Promise<ThePage> {
  await page.addInitScript(() => {
    const phases: string[] = [];
    Reflect.set(window, "phases", phases);
    window.addEventListener("progress", (event: Event) => {
      const phase = event instanceof CustomEvent ? event.detail.phase : "";
      if (phase !== phases.at(-1)) phases.push(phase);
    });
  });
  await page.goto(model === undefined ? "./" : `./?model=${encodeURIComponent(model)}`);
  const it = new ThePage(page);
  await it.newTokens.fill(String(count));
  await it.newTokens.press("Enter");
  return it;
}

/** Lets no more than the first piece and a byte through. @returns what ends that */
function hold(): () => void {
  let end = () => {};
  const until = new Promise<void>((resolve) => {
    end = resolve;
  });
  server.held = { from: PIECE, until };
  return () => {
    server.held = undefined;
    end();
  };
}

/** Whether the browser keeps this piece of the file. */
const isKept = (page: Page, piece: number) =>
  page.evaluate(async (name) => {
    const kept = await (await caches.open("next-token-models")).keys();
    return kept.some(({ url }) => url.endsWith(name));
  }, `/${piece}`);

const phases = (page: Page) => page.evaluate(() => Reflect.get(window, "phases") as string[]);
const dialog = (page: Page) => page.getByRole("dialog", { name: /^Download .+ from / });

async function playAllowed(it: ThePage): Promise<void> {
  await it.play();
  await dialog(it.page).getByRole("button", { name: "Allow" }).click();
}

async function saysWhatPyTorchSays(it: ThePage): Promise<void> {
  await expect(it.status).toHaveText(/^Finished: Hello, I am/);
  expect(await it.ids()).toEqual(expected);
}

test("an address only fills in; its host is asked after consent; the second visit needs it no more", async ({
  page,
}) => {
  let it = await visit(page, address());
  await expect(page.locator("summary", { hasText: `model.safetensors from ${host.slice(7)}` })).toBeVisible();
  await expect(page).toHaveURL(/\/#model=http/);
  await it.play();
  await expect(dialog(page)).toContainText(host.slice(7));
  await expect(dialog(page)).toContainText("How large the file is, it says only when it is asked.");
  await noViolations(page);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expect(it.button("Play")).toBeVisible();
  expect(server.requests).toEqual([]);

  await playAllowed(it);
  await saysWhatPyTorchSays(it);
  await expect(page.getByText("its text is unverified")).toBeVisible();
  expect(await phases(page)).toEqual(expect.arrayContaining(["download", "cache"]));
  expect(server.requests.filter(({ path }) => path === "/model.safetensors")).toHaveLength(1);

  const before = server.requests.length;
  server.files.clear();
  it = await visit(page, address());
  await it.play();
  await expect(dialog(page)).toContainText("Download 6.55 MB from"); // known from the first visit
  await dialog(page).getByRole("button", { name: "Allow" }).click();
  await saysWhatPyTorchSays(it);
  expect(await phases(page)).toEqual(["cache"]);
  expect(server.requests).toHaveLength(before);

  await it.open("Model");
  await noViolations(page);
  const kept = page.getByRole("listitem").filter({ hasText: `model.safetensors from ${host.slice(7)}` });
  await expect(kept).toContainText("6.55 MB");
  await kept.getByRole("button", { name: "Delete" }).click();
  await expect(kept).toBeVisible();
  await kept.getByRole("button", { name: "Really delete" }).click();
  await expect(page.getByText("None yet.")).toBeVisible();
});

test("a download that is cut goes on where it was, at once and after a reload", async ({ page }) => {
  server.cutNextAfter = 2_000_000;
  const letGo = hold();
  await playAllowed(await visit(page, address()));
  const starts = () =>
    server.requests.filter(({ path }) => path === "/model.safetensors").map(({ start }) => start);
  await expect.poll(() => isKept(page, 0)).toBe(true);
  const [first, second, ...more] = starts();
  expect(first).toBe(0);
  expect(second).toBeGreaterThan(0);
  expect(second).toBeLessThanOrEqual(2_000_000);
  expect(more).toEqual([]);
  expect(await phases(page)).toContain("retry");

  const before = starts().length;
  server.held = undefined; // for the next request; the one under way stays where it is
  const it = await visit(page, address());
  letGo();
  await playAllowed(it);
  await saysWhatPyTorchSays(it);
  expect(starts().slice(before)).toEqual([PIECE - OVERLAP_BYTES]);
});

test("two tabs download once", async ({ page, context }) => {
  const letGo = hold();
  const it = await visit(page, address());
  await playAllowed(it);
  await expect.poll(() => isKept(page, 0)).toBe(true);
  await expect(it.status).toHaveText("Loading the model.");
  const other = await visit(await context.newPage(), address());
  await playAllowed(other);
  const waiting = other.page.getByText("Another tab downloads this model.");
  await expect(waiting).toBeVisible();
  await other.button("Cancel").click();
  await expect(waiting).toBeHidden();
  await other.play();
  await expect(waiting).toBeVisible();
  letGo();
  await saysWhatPyTorchSays(other);
  await saysWhatPyTorchSays(it);
  const downloads = server.requests.filter(({ path }) => path === "/model.safetensors");
  expect(downloads).toHaveLength(1);
  expect(await phases(other.page)).toEqual(["other-tab", "cache"]);
});

test("a file, picked and dropped; the number of heads that it cannot say", async ({ page }) => {
  const it = await visit(page);
  await it.open("Model");
  const menu = page.getByRole("combobox", { name: "Model" });
  await menu.selectOption({ label: "A file from this computer…" });
  await page.getByLabel("A checkpoint").setInputFiles(checkpoint.path);
  await expect(menu).toContainText("model.safetensors");
  await it.play();
  await expect(it.failure).toContainText("Nothing says how many heads this checkpoint has");
  const heads = page.getByRole("spinbutton", { name: "Heads" });
  await heads.fill("4");
  await heads.press("Enter");
  await it.play();
  await saysWhatPyTorchSays(it);

  const other = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["x"], "essay.pdf"));
    return transfer;
  });
  await page.dispatchEvent("next-token", "drop", { dataTransfer: other });
  await expect(page.getByText("“essay.pdf” is not used")).toBeVisible();
  await saysWhatPyTorchSays(it); // and the text is as it was

  const dropped = await page.evaluateHandle(async (url) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([await (await fetch(url)).blob()], "dropped.safetensors"));
    return transfer;
  }, address());
  await page.dispatchEvent("next-token", "dragover", { dataTransfer: dropped });
  await expect(page.locator("next-token")).toHaveAttribute("dropping");
  await page.dispatchEvent("next-token", "drop", { dataTransfer: dropped });
  await expect(page.locator("next-token")).not.toHaveAttribute("dropping");
  await expect(page.locator("summary", { hasText: "dropped.safetensors" })).toBeVisible();
  await expect(page.getByText("“essay.pdf” is not used")).toBeHidden();
  await heads.fill("4");
  await heads.press("Enter");
  await it.play();
  await saysWhatPyTorchSays(it);
  expect(await phases(page)).toEqual(["file"]);
});

test("a precision behind the address, or chosen; a checkpoint's own context size", async ({ page }) => {
  server.files.delete("/config.json");
  const it = await visit(page, `${address()}#n_heads=4&precision=f16`);
  const name = `model.safetensors from ${host.slice(7)}`;
  await expect(page.locator("summary", { hasText: `${name} · f16` })).toBeVisible();
  await it.open("Switches");
  const context = page.getByRole("spinbutton", { name: "Context size in tokens" });
  await expect(context).toHaveAttribute("max", "1024");
  await playAllowed(it);
  await expect(it.status).toHaveText(/^Finished: Hello, I am/); // ids of rounded weights may be others than PyTorch's
  await expect(page.locator("summary", { hasText: /context 64$/ })).toBeVisible();
  await expect(context).toHaveAttribute("max", "64");
  await expect(context).toHaveValue("64");
  const slider = page.getByRole("slider", { name: "Context size" });
  await slider.fill("50");
  await expect(context).toHaveValue("8");
  await slider.fill("100");
  await expect(context).toHaveValue("64");

  await it.open("Into the GPU");
  const megabytesOfAStep = async () => {
    await page.getByRole("button", { name: /^Measure (a|again)/ }).click();
    const bytes = page.locator("next-token-machine dl div", { hasText: "read and written" }).locator("dd");
    await expect(bytes).toHaveText(/^[\d.]+ MB$/);
    return Number.parseFloat((await bytes.textContent())!);
  };
  const rounded = await megabytesOfAStep();
  await it.open("Model");
  const precision = page.getByRole("group", { name: "Precision" });
  await expect(precision.getByRole("radio", { name: "f16" })).toBeChecked();
  await expect(page).toHaveURL(/n_heads%3D4%26precision%3Df16/);
  await precision.getByRole("radio", { name: "f32" }).check();
  await expect(page.getByText("4 bytes each")).toBeVisible();
  await it.play();
  await saysWhatPyTorchSays(it);
  await expect(page).not.toHaveURL(/precision/);
  const exact = await megabytesOfAStep();
  expect(rounded / exact).toBeGreaterThan(0.5);
  expect(rounded / exact).toBeLessThan(0.6); // half, and what is not rounded: logits, norms, positions
});

test("what is no checkpoint is refused with what it is", async ({ page }) => {
  server.files.set("/model.safetensors", "<!doctype html><title>Sign in</title>");
  const it = await visit(page, address());
  await playAllowed(it);
  await expect(it.failure).toContainText("This is a web page, not a checkpoint.");
});

test("in a sandboxed frame, where all storage is forbidden, it loads and says that nothing is kept", async ({
  page,
}) => {
  server.addFolder("dist", "/app");
  server.files.set(
    "/frame.html",
    '<!doctype html><iframe sandbox="allow-scripts allow-downloads allow-modals" allow="clipboard-write" width="1000" height="900" src="/app/index.html?model=/model.safetensors"></iframe>',
  );
  const uncaught: string[] = [];
  page.on("pageerror", ({ message }) => uncaught.push(message));
  await page.goto(`${host}/frame.html`);
  const frame = page.frameLocator("iframe");
  await frame.getByRole("button", { name: "Token", exact: true }).click();
  await expect(frame.getByText(/^This browser keeps no files for this page/)).toBeVisible();
  await expect(frame.locator(".chip-id").nth(4)).toHaveText(String(expected[4]));
  await frame.locator("summary", { hasText: "Share and keep" }).click();
  const download = page.waitForEvent("download");
  await frame.getByRole("button", { name: "Save trace (JSON)" }).click();
  expect((await download).suggestedFilename()).toBe("next-token.json");
  await frame.getByRole("button", { name: "Copy text" }).click();
  await expect(frame.getByText("Text copied.")).toBeVisible();
  await page.waitForTimeout(1000); // the address would follow now
  expect(uncaught).toEqual([]);
});
