import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, type Page, test } from "@playwright/test";
import { makeAsNotebook, makeAsTraining, makeCheckpoint } from "../tools/make-checkpoint.ts";
import pytorch from "../tools/parity/fixtures/checkpoint-page.json" with { type: "json" };
import { CheckpointServer } from "./checkpoint-server.ts";
import { noViolations } from "./no-violations.ts";
import { ThePage } from "./the-page.ts";

/** Heads of 16, which the file alone would be given as one head of 64. */
const recipe = {
  vocab_size: 50257,
  n_positions: 64,
  n_embd: 64,
  n_layer: 2,
  n_head: 4,
  seed: 8,
  prefix: true,
};
const prompt = pytorch.idx[0]!;
/** What the reference in f64 says with four heads; with one the second token is another. */
const expected = [...prompt, 39196, 21396, 21396];

let folder: string;
const path = (name: string) => resolve(folder, name);

test.beforeAll(async () => {
  folder = `${test.info().project.outputDir}/files-of-a-course`;
  await makeCheckpoint(recipe, folder);
  writeFileSync(
    path("relu.json"),
    JSON.stringify({ ...JSON.parse(readFileSync(path("config.json"), "utf8")), activation_function: "relu" }),
  );
  writeFileSync(path("vocab.json"), '{"the":0,"cat":1}');
  writeFileSync(path("weights.pkl"), "PK");
});

/** Drops files and folders of this computer on the page, as a hand does. */
async function drop(page: Page, ...names: string[]): Promise<void> {
  const box = (await page.getByRole("region", { name: "The loop" }).boundingBox())!;
  const data = { items: [], files: names.map(path), dragOperationsMask: 1 };
  const session = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: box.x + 20, y: box.y + 20, data });
  await session.detach();
}

async function plays(it: ThePage, ids: readonly number[]): Promise<void> {
  await it.newTokens.fill("3");
  await it.newTokens.press("Enter");
  await it.play();
  await expect(it.status).toHaveText(/^Finished: Hello, I am/);
  expect(await it.ids()).toEqual(ids);
}

test("files of a model, dropped or chosen together or one after the other, and a link that cannot carry them", async ({
  page,
}) => {
  const uncaught: string[] = [];
  page.on("pageerror", ({ message }) => uncaught.push(message));
  await page.goto("./");
  const it = new ThePage(page);
  const summary = page.locator("summary", { hasText: /^\s*Model/ });

  await drop(page, "weights.pkl");
  await expect(page.getByText("“weights.pkl” cannot be used here.")).toContainText(
    "torch.save(model.state_dict()",
  );
  await drop(page, "config.json", "model.safetensors");
  await expect(summary).toContainText("model.safetensors");
  await plays(it, expected);

  await it.open("Model");
  const menu = page.getByRole("combobox", { name: "Model" });
  await menu.selectOption({ label: "A file from this computer…" });
  await expect(page.getByText("its config.json together with it or after it")).toBeVisible();
  await page.getByLabel("A checkpoint").setInputFiles([path("relu.json"), path("model.safetensors")]);
  await it.play();
  await expect(it.failure).toContainText('config.json says activation_function is "relu"');
  await drop(page, "config.json");
  await expect(it.failure).toBeHidden();
  await expect(page.getByText("and config.json, read on this computer")).toBeVisible();
  await drop(page, "vocab.json");
  await plays(it, expected);
  await expect(page.getByText("this model's tokens are its own")).toBeVisible();
  await drop(page, "."); // the folder with all of them; two JSON files may be the config, but one is called so
  await it.button("Back to the prompt").or(it.button("Reset")).first().click();
  await plays(it, expected);

  await expect(page).toHaveURL(/#model=file%3Amodel\.safetensors/);
  await it.open("Share and keep");
  await expect(
    page.getByText("The link names the file “model.safetensors” and does not carry it"),
  ).toBeVisible();
  const download = page.waitForEvent("download");
  await it.button("Save trace (JSON)").click();
  const trace = JSON.parse(readFileSync(await (await download).path(), "utf8")) as { model: string };
  expect(trace.model).toBe("file:model.safetensors");
  const onPaper = page.locator("next-token-handout");
  expect(await onPaper.evaluate((handout) => Reflect.get(handout, "settings"))).toMatch(
    /^file:model\.safetensors · mask/,
  );
  await page.reload();
  const asks = page.getByText(
    "This link is about the file “model.safetensors” on the computer where it was made.",
  );
  await expect(asks.first()).toBeVisible();
  await it.play();
  await expect(it.failure).toContainText("Choose that file under Model, or choose another model.");
  await noViolations(page);
  await it.open("Model");
  await page.getByLabel("A checkpoint").setInputFiles([path("model.safetensors"), path("config.json")]);
  await plays(it, expected);
  await expect(asks.first()).toBeHidden();
  expect(uncaught).toEqual([]);
});

test("the notebook's own file, and one whose link says something hostile", async ({ page }) => {
  const name = "<img src=x onerror=alert(1)>.safetensors";
  await page.goto(`./#${new URLSearchParams({ model: `file:${encodeURIComponent(name)}` })}`);
  const it = new ThePage(page);
  await expect(page.getByText(`This link is about the file “${name}”`).first()).toBeVisible();
  await makeAsNotebook("page", path("notebook.safetensors.made"));
  const buffer = readFileSync(path("notebook.safetensors.made"));
  const weights = { name: "mine.safetensors", mimeType: "", buffer };
  const config = {
    vocab_size: 50257,
    context_length: 64,
    emb_dim: 32,
    n_heads: 4,
    n_layers: 2,
    qkv_bias: true,
  };
  const beside = { name: "config.json", mimeType: "", buffer: Buffer.from(JSON.stringify(config)) };
  await it.open("Model");
  await page.getByLabel("A checkpoint").setInputFiles([beside, weights]);
  await plays(it, pytorch.generated[0]!.slice(0, prompt.length + 3));
});

test("a checkpoint that is compressed, dropped and from beside the page", async ({ page }) => {
  const packed = gzipSync(readFileSync(path("model.safetensors")));
  writeFileSync(path("small.safetensors.gz"), packed);
  await page.goto("./");
  const it = new ThePage(page);
  await drop(page, "config.json", "small.safetensors.gz");
  await plays(it, expected);

  await page.route("**/packed/**", (route) => {
    const name = route.request().url().split("/").at(-1)!;
    if (name === "small.safetensors.gz")
      return route.fulfill({ body: packed, contentType: "application/gzip" });
    return name === "config.json" ? route.fulfill({ path: path(name) }) : route.fulfill({ status: 404 });
  });
  await page.goto("./?#model=packed%2Fsmall.safetensors.gz");
  await plays(it, expected);
  await noViolations(page);
});

test("the file that torch.save made: dropped, its heads asked for, and run", async ({ page }) => {
  await page.goto("./");
  const it = new ThePage(page);
  makeAsTraining("page", path("model.pth"));
  const program = new URL("../tools/parity/fixtures/pytorch/whole.pth", import.meta.url);

  await it.open("Model");
  await page.getByRole("combobox", { name: "Model" }).selectOption({ label: "A file from this computer…" });
  await expect(page.getByText('torch.save(model.state_dict(), "model.pth")')).toBeVisible();
  await page.getByLabel("A checkpoint").setInputFiles(fileURLToPath(program));
  await it.play();
  await expect(it.failure).toContainText('"torch.nn.modules.container.Sequential"');
  await expect(it.failure).toContainText("Save the weights alone, in Python");

  await drop(page, "model.pth");
  await expect(page.locator("summary", { hasText: /^\s*Model/ })).toContainText("model.pth");
  await it.play();
  await expect(it.failure).toContainText("Nothing says how many heads this checkpoint has");
  const heads = page.getByRole("spinbutton", { name: /^Heads/ });
  await expect(heads).toHaveAttribute("placeholder", "emb_dim / 64");
  await heads.fill("4");
  await heads.press("Enter");
  await plays(it, pytorch.generated[0]!.slice(0, prompt.length + 3));
  await expect(page.getByText('The model was taken from "model_state_dict"')).toBeVisible();
  await expect(page).toHaveURL(/#model=file%3Amodel\.pth%23n_heads%3D4/);
  await noViolations(page);
});

test("a frame without an address has the models of the page that made it, sandboxed or not", async ({
  page,
}) => {
  const host = new CheckpointServer();
  for (const file of readdirSync("dist", { recursive: true, withFileTypes: true }))
    if (file.isFile()) {
      const from = `${file.parentPath}/${file.name}`;
      host.files.set(from.replace(/^dist/, "/app"), readFileSync(from));
    }
  for (const name of ["model.safetensors", "config.json"])
    host.files.set(`/lesson/models/page/${name}`, readFileSync(path(name)));
  const lesson =
    "<script type='module' src='/app/next-token.js'></script><next-token prompt='Hello, I am' max-new-tokens='3' model='models/page/model.safetensors'></next-token>";
  const frame = (more: string) => `<iframe ${more} width="1000" height="900" srcdoc="${lesson}"></iframe>`;
  host.files.set("/lesson/", `<!doctype html>${frame("")}${frame('sandbox="allow-scripts"')}`);
  try {
    await page.goto(`${await host.listen()}/lesson/`);
    for (const which of [0, 1]) {
      const inside = page.frameLocator(`iframe >> nth=${which}`);
      await inside.getByRole("button", { name: "Token", exact: true }).click();
      await expect(inside.locator(".chip-id").nth(4)).toHaveText(String(expected[4]));
    }
  } finally {
    host.close();
  }
});

test("a driver that refuses what it offered is asked for less; where one refuses all the processor computes, or that is told at once", async ({
  page,
}) => {
  await page.addInitScript(() => {
    const { requestDevice } = GPUAdapter.prototype;
    Reflect.set(window, "refused", []);
    GPUAdapter.prototype.requestDevice = function (asked = {}) {
      const limits = Object.keys(asked.requiredLimits ?? {});
      const isTooMuch = limits.length > 0 || [...(asked.requiredFeatures ?? [])].length > 0;
      if (!isTooMuch && !Reflect.get(window, "refusesAll")) return requestDevice.call(this, asked);
      (Reflect.get(window, "refused") as unknown[]).push(asked);
      return Promise.reject(new DOMException("The driver said no.", "OperationError"));
    };
  });
  await page.goto("./");
  const it = new ThePage(page);
  await drop(page, "config.json", "model.safetensors");
  await plays(it, expected);
  expect(await page.evaluate(() => (Reflect.get(window, "refused") as unknown[]).length)).toBe(1);

  await page.reload();
  await page.evaluate(() => Reflect.set(window, "refusesAll", true));
  await drop(page, "config.json", "model.safetensors");
  await it.button("Token").click();
  await expect(page.locator("next-token-status")).toContainText(
    "The browser offers no GPU here: computed by",
  );

  await page.locator("next-token").evaluate((element) => element.setAttribute("device", "gpu"));
  const before = Date.now();
  await it.button("Token").click();
  await expect(it.failure).toContainText("its driver would not open (The driver said no.)");
  expect(Date.now() - before).toBeLessThan(10_000);
});
