import { expect, type Page, test } from "@playwright/test";
import { makeCheckpoint } from "../tools/make-checkpoint.ts";
import pytorch from "../tools/parity/fixtures/checkpoint-page.json" with { type: "json" };
import { tasksDuring } from "./main-thread.ts";
import { noViolations } from "./no-violations.ts";
import { appended, ThePage } from "./the-page.ts";
import { watchViolations } from "./violations.ts";

// The page where there is no GPU, or none that can be trusted: the processor computes, in a worker.

const computes = (page: Page) => page.locator("next-token-status");

/** The page as a browser without WebGPU opens it. */
async function withoutGpu(page: Page, address = "./"): Promise<ThePage> {
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "gpu"));
  await page.goto(address);
  return new ThePage(page);
}

async function finishes(it: ThePage): Promise<void> {
  await expect(it.status).toHaveText(/^Finished: Hello, I am/);
}

test("ten tokens are the notebook's, and no task of the page is long", async ({ browser, page }) => {
  const violations = await watchViolations(page);
  const it = await withoutGpu(page);
  await expect(it.chips).toHaveCount(4); // the tokenizer is there
  const tasks = await tasksDuring(browser, page, async () => {
    await it.play();
    await finishes(it);
  });
  // By the processor's clock, since what computes shares the machine with the page. 50 ms are asked on a quiet machine.
  const longest = Math.max(...tasks.map(({ milliseconds }) => milliseconds));
  console.log(`on the processor: the longest task of the page computed for ${longest} ms`);
  expect(longest).toBeLessThan(3 * 50);
  expect((await it.ids()).slice(4)).toEqual(appended.causal);
  await expect(computes(page)).toContainText(
    "This browser has no WebGPU: computed by 1 thread of the processor.",
  );
  expect(await it.contentIsShown()).toBe(false);

  await it.button("Back").click();
  await expect(it.status).toHaveText(/^Step 6 of 7/);
  await it.button("Step").click();
  await finishes(it);
  await it.button("Reset").click();
  await expect(it.chips).toHaveCount(4);
  expect(await violations()).toEqual([]);
});

test("every panel works there, and the dialog shows what ran in the shader's place", async ({ page }) => {
  const it = await withoutGpu(page);
  await it.button("Token").click();
  await expect(it.status).toHaveText(/^Token 1 of 10/);

  await it.open("The logits");
  await expect(page.locator("next-token-logit-matrix")).toContainText("[1, 4, 50257]");
  await it.open("Into the model");
  await page.getByRole("button", { name: /^Look inside/ }).click();
  await expect(it.status).toHaveText(/^Looked inside/);

  await it.open("Into the processor");
  await page.getByRole("button", { name: "Measure an iteration" }).click();
  await expect(it.status).toHaveText(/^Measured/);
  const panel = page.locator("next-token-machine");
  await expect(panel).toContainText("Times by the clock of the worker that computes");
  await expect(panel).not.toContainText("Choose again");
  await panel.getByRole("button", { name: /^matmulRegister to q, k, v/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("The AssemblyScript that ran, compiled to WebAssembly");
  await expect(dialog).toContainText("export function qkv(");
  await expect(dialog).toContainText("The WGSL that runs in its place on a GPU");
  await noViolations(page);
});

test("the notebook's page agrees there, too", async ({ page }) => {
  await withoutGpu(page, "./#notebook");
  await page.getByRole("button", { name: "Run the notebook" }).click();
  await expect(page.getByRole("status")).toHaveText("7 of 7 outputs agree with what was printed.");
});

test("a checkpoint from disk goes on as PyTorch does, in f32 and in int8", async ({ page }) => {
  const folder = `${test.info().project.outputDir}/for-the-processor`;
  const recipe = {
    vocab_size: 50257,
    n_positions: 64,
    n_embd: 64,
    n_layer: 2,
    n_head: 4,
    seed: 8,
    prefix: true,
  };
  await makeCheckpoint(recipe, folder);
  const it = await withoutGpu(page);
  await it.open("Model");
  const menu = page.getByRole("combobox", { name: "Model" });
  await menu.selectOption({ label: "A file from this computer…" });
  await page
    .getByLabel("A checkpoint")
    .setInputFiles([`${folder}/model.safetensors`, `${folder}/config.json`]);
  await it.newTokens.fill("3");
  await it.newTokens.press("Enter");
  await it.play();
  await finishes(it);
  const expected = [...pytorch.idx[0]!, 39196, 21396, 21396];
  expect(await it.ids()).toEqual(expected);
  await page.getByRole("radio", { name: "int8" }).check();
  await it.play();
  await finishes(it);
  expect((await it.ids()).slice(0, 5)).toEqual(expected.slice(0, 5));
});

test("a long text tells how far it is read, and stops at Pause", async ({ page }) => {
  const it = await withoutGpu(page, `./#prompt=${"moves+you+".repeat(300)}`);
  await it.play();
  await expect(computes(page)).toContainText(/Reading the text: \d+ %/);
  await it.button("Pause").click();
  await expect(it.button("Play")).toBeVisible();
  await expect(computes(page)).not.toContainText("Reading the text");
});

test("an isolated page shares the work among threads, with the same ids", async ({ page }) => {
  await page.route("**/*", async (route) => {
    const response = await route.fetch();
    const isolating = {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    };
    await route.fulfill({ response, headers: { ...response.headers(), ...isolating } });
  });
  const it = await withoutGpu(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await it.play();
  await finishes(it);
  expect((await it.ids()).slice(4)).toEqual(appended.causal);
  const threads = await page.evaluate(() => Math.min(4, navigator.hardwareConcurrency));
  await expect(computes(page)).toContainText(
    threads === 1 ? "1 thread of the processor" : `${threads} threads of the processor`,
  );
});

test("without an adapter the processor computes; who insists on the GPU is told", async ({ page }) => {
  await page.addInitScript(() => {
    GPU.prototype.requestAdapter = async () => null;
  });
  await page.goto("./");
  const it = new ThePage(page);
  await it.button("Token").click();
  await expect(computes(page)).toContainText("The browser offers no GPU here: computed by");
  await expect(it.status).toHaveText(/^Token 1 of 10/);
  await page.locator("next-token").evaluate((element) => element.setAttribute("device", "gpu"));
  await it.button("Token").click();
  await expect(it.failure).toHaveText(/offers no GPU here\. Turn on hardware acceleration .+ no-adapter$/);
  await expect(it.chips).toHaveCount(5); // the text is kept
  await page.locator("next-token").evaluate((element) => element.setAttribute("device", "cpu"));
  await it.button("Token").click();
  await expect(it.chips).toHaveCount(6);
  await expect(computes(page)).toContainText("as chosen");
  expect(await page.evaluate(() => document.querySelector("next-token")!.link)).toContain("device=cpu");
});

test("on a software adapter the page says how much faster the processor is, and one press lets it compute", async ({
  page,
}) => {
  await page.goto("./");
  const it = new ThePage(page);
  await it.button("Token").click();
  await expect(it.status).toHaveText(/^Token 1 of 10/);
  const offer = page.getByText(/The processor itself computed a block [\d.]+ times as fast\./);
  await expect(computes(page)).toContainText(/dapter/);
  if (!(await page.getByText(/^\s*Software adapter|Software adapter \(/).isVisible())) {
    await expect(offer).toBeHidden(); // a graphics card computes here
    return;
  }
  await expect(offer).toBeVisible();
  console.log((await offer.innerText()).split("\n")[0]);
  await page.getByRole("button", { name: "Let the processor compute" }).click();
  await expect(it.chips).toHaveCount(5);
  await it.play();
  await finishes(it);
  expect((await it.ids()).slice(4)).toEqual(appended.causal);
  await expect(computes(page)).toContainText("of the processor, as chosen.");
  await page.getByRole("button", { name: "Let the GPU compute again" }).click();
  await it.button("Token").click();
  await expect(it.chips).toHaveCount(15);
  await expect(computes(page)).toContainText("Software adapter");
});

test("a GPU that is lost twice hands over to the processor, with the same text", async ({ page }) => {
  await page.addInitScript(() => {
    const { requestDevice } = GPUAdapter.prototype;
    Object.assign(window, { opened: [] });
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await requestDevice.call(this, descriptor);
      (Reflect.get(window, "opened") as GPUDevice[]).push(device);
      return device;
    };
  });
  await page.goto("./");
  const it = new ThePage(page);
  const lose = () => page.evaluate(() => (Reflect.get(window, "opened") as GPUDevice[]).at(-1)!.destroy());
  for (const length of [5, 6]) {
    await it.button("Token").click();
    await expect(it.chips).toHaveCount(length);
    await expect(computes(page)).toContainText("Software adapter");
    await lose();
    await expect(computes(page)).toContainText("The text is kept");
  }
  await it.play();
  await finishes(it);
  expect((await it.ids()).slice(4)).toEqual(appended.causal);
  await expect(computes(page)).toContainText("The browser took the GPU away twice: computed by");
});

test("a worker that dies is started again, and the text goes on", async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { workers: [] });
    const Original = Worker;
    class Watched extends Original {
      constructor(...args: ConstructorParameters<typeof Original>) {
        super(...args);
        (Reflect.get(window, "workers") as Worker[]).push(this);
      }
    }
    Object.assign(window, { Worker: Watched });
  });
  const it = await withoutGpu(page);
  await it.button("Token").click();
  await expect(it.chips).toHaveCount(5);
  await page.evaluate(() => {
    for (const worker of Reflect.get(window, "workers") as Worker[])
      worker.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
  });
  await expect(computes(page)).toContainText(
    "The browser ended what computes on the processor. The text is kept",
  );
  await it.play();
  await finishes(it);
  expect((await it.ids()).slice(4)).toEqual(appended.causal);
});

test("memory that the browser refuses is told of, with what to do", async ({ page }) => {
  // The worker's code comes from a blob, which is given a memory that does not grow far.
  await page.addInitScript(() => {
    const Original = Blob;
    const stingy =
      "const grow = WebAssembly.Memory.prototype.grow; WebAssembly.Memory.prototype.grow = function (pages) {" +
      " if (this.buffer.byteLength + 65536 * pages > 2e8) throw new RangeError('refused'); return grow.call(this, pages); };";
    class Stingy extends Original {
      constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
        super(options?.type?.includes("javascript") ? [stingy, ...parts] : parts, options);
      }
    }
    Object.assign(window, { Blob: Stingy });
  });
  const it = await withoutGpu(page);
  await it.play();
  await expect(it.failure).toHaveText(
    /^The browser gives this page no more memory for the model\. .+ out-of-memory$/,
  );
});
