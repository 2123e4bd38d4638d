import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { makeByName } from "../../tools/make-checkpoint.ts";
import pytorch from "../../tools/parity/fixtures/checkpoint-page.json" with { type: "json" };
import { chooseFile } from "../every-browser/main-path.ts";
import { withWebGpu } from "./in-firefox.ts";
import { PageInFirefox } from "./page-in-firefox.ts";

// What Firefox alone is asked, with a small model from this computer: it answers at once.

const [expected] = pytorch.generated as [number[]];
const folder = mkdtempSync(join(tmpdir(), "next-token-file-"));
const file = join(folder, "model.safetensors");

/** Keeps what the page asks the GPU for, so that a test can take it away. */
function keepDevices(): void {
  const devices: GPUDevice[] = [];
  Reflect.set(window, "devices", devices);
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    devices.push(device);
    return device;
  };
}

withWebGpu("a file in Firefox", { downloads: folder }, (browser) => {
  let it: PageInFirefox;
  beforeAll(async () => {
    await makeByName("page", folder);
    it = await PageInFirefox.open(browser(), inject("address"), keepDevices);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const saved = async (name: string, button: string): Promise<Buffer> => {
    await it.press(button);
    const path = join(folder, name);
    await vi.waitUntil(() => existsSync(path) && readFileSync(path).length > 0, { timeout: 10_000 });
    return readFileSync(path);
  };

  test("a checkpoint from disk is played", async () => {
    await chooseFile(it, file);
    await it.play();
    await it.hears(/^Finished: Hello, I am/);
    expect(await it.ids()).toEqual(expected);
    await it.open("Model");
  });

  test("the GPU is lost in the middle, and the text comes as if it were not", async () => {
    await it.press("Reset");
    await it.page.$eval("next-token", (element) => {
      const lose = () => (Reflect.get(window, "devices") as GPUDevice[]).at(-1)!.destroy();
      element.addEventListener("token", lose, { once: true });
    });
    await it.play();
    await it.hears(/^Finished: Hello, I am/);
    expect(await it.page.evaluate(() => (Reflect.get(window, "devices") as GPUDevice[]).length)).toBe(2);
    expect(await it.ids()).toEqual(expected);
  });

  test("link, text, trace and pictures can be taken away", async () => {
    await it.open("Share and keep");
    await it.press("Copy text");
    await expect.poll(() => it.page.evaluate(() => navigator.clipboard.readText())).toMatch(/^Hello, I am/);
    const trace = JSON.parse((await saved("next-token.json", "Save trace (JSON)")).toString());
    const ids = trace.steps.map((step: { ids: number[] }) => step.ids[0]);
    expect([...trace.ids[0], ...ids]).toEqual(expected);
    expect((await saved("next-token.svg", "Save picture (SVG)")).toString()).toContain("<svg");
    const png = await saved("next-token.png", "Save picture (PNG)");
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(png.length).toBeGreaterThan(10_000); // bars and letters, not an empty sheet
  });

  test("prints the handout", async () => {
    const path = join(folder, "handout.pdf");
    await it.page.pdf({ path });
    const paper = await browser().newPage();
    await paper.goto(`file://${path}`);
    await paper.waitForSelector(".textLayer span");
    const text = await paper.$eval("#viewer", ({ textContent }) => textContent);
    expect(text).toContain("Every iteration");
    expect(text).not.toContain("New tokens");
    await paper.close();
  });

  test("a file that is dropped is the model", async () => {
    const drop = await it.page.$eval("next-token", (element) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["?"], "dropped.safetensors"));
      const fire = (type: string) =>
        element.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true }),
        );
      const isTaken = !fire("dragover");
      const isMarked = element.hasAttribute("dropping");
      fire("drop");
      return { isTaken, isMarked };
    });
    expect(drop).toEqual({ isTaken: true, isMarked: true });
    await expect.poll(() => it.text("next-token-models")).toContain("dropped.safetensors");
  });

  test("nothing went wrong meanwhile", async () => {
    expect(await it.wrong()).toEqual([]);
  });
});
