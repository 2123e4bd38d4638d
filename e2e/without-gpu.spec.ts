import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { ThePage } from "./the-page.ts";

/** Takes WebAssembly away as well, so that nothing can compute a model. */
const withoutWebAssembly = () => Reflect.deleteProperty(globalThis, "WebAssembly");

test("without WebGPU and WebAssembly says so, shows the element's content, and still splits text into tokens", async ({
  page,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "gpu"));
  await page.addInitScript(withoutWebAssembly);
  await page.addInitScript(() => {
    document.addEventListener("error", (event: Event) => {
      if (event instanceof CustomEvent) document.documentElement.dataset.told = event.detail.code;
    });
  });
  await page.goto("./");
  const it = new ThePage(page);
  await expect(it.failure).toHaveText(/^This browser has no WebGPU\. Use a current Chrome, .+ no-webgpu$/);
  await expect(page.locator("html")).toHaveAttribute("data-told", "no-webgpu");
  expect(await it.contentIsShown()).toBe(true);
  await expect(it.button("Play")).toHaveAttribute("aria-disabled", "true");
  await it.prompt.fill("Hi there");
  await expect(it.chips).toHaveText(["Hi17250", "·there612"]);
});

test("where the policy forbids WebAssembly and there is no adapter both are said at the click", async ({
  page,
}) => {
  await page.addInitScript(() => {
    GPU.prototype.requestAdapter = async () => null;
    WebAssembly.compile = async () => {
      throw new WebAssembly.CompileError("refused by the policy");
    };
  });
  await page.goto("./");
  const it = new ThePage(page);
  await it.play();
  await expect(it.failure).toHaveText(
    /offers no GPU here\. .+ cannot compute the model on the processor: .+ no-webassembly$/,
  );
  await expect(it.button("Play")).toHaveAttribute("aria-disabled", "false");
});

test("on an adapter with too little the processor computes, and the page says why", async ({ page }) => {
  await page.addInitScript(() => {
    const { get } = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, "limits")!;
    Object.defineProperty(GPUAdapter.prototype, "limits", {
      get() {
        const limits = get!.call(this);
        return new Proxy(limits, {
          get: (_, name) => (name === "maxStorageBuffersPerShaderStage" ? 4 : Reflect.get(limits, name)),
        });
      },
    });
  });
  await page.goto("./");
  await new ThePage(page).button("Token").click();
  await expect(page.locator("next-token-status")).toContainText(
    "The GPU here offers too little for the model: computed by",
  );
});

test("where the GPU's memory does not suffice says so", async ({ page }) => {
  await page.addInitScript(() => {
    GPUDevice.prototype.popErrorScope = async () => new GPUOutOfMemoryError("simulated");
  });
  await page.goto("./");
  const it = new ThePage(page);
  await it.play();
  await expect(it.failure).toHaveText(/^The GPU has no memory left for this model\. .+ out-of-memory$/);
});

test("on an insecure page the processor computes, and the page says why", async ({ page }) => {
  const types: Record<string, string> = { html: "text/html", js: "text/javascript", css: "text/css" };
  await page.route("http://insecure.test/**", async (route) => {
    const path = new URL(route.request().url()).pathname.replace(/\/$/, "/index.html");
    const body = await readFile(join("dist", path)).catch(() => undefined);
    if (!body) return route.fulfill({ status: 404 });
    return route.fulfill({ body, contentType: types[path.split(".").at(-1)!] ?? "application/octet-stream" });
  });
  await page.goto("http://insecure.test/");
  await new ThePage(page).button("Token").click();
  await expect(page.locator("next-token-status")).toContainText(
    "Browsers offer the GPU only to secure pages: computed by",
  );
});
