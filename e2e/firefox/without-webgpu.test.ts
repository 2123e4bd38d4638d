import { beforeAll, expect, inject, test } from "vitest";
import { withoutWebGpu } from "./in-firefox.ts";
import { look } from "./look.ts";
import { PageInFirefox } from "./page-in-firefox.ts";

withoutWebGpu("Firefox without WebGPU, in the dark", { dark: true }, (browser) => {
  let it: PageInFirefox;
  beforeAll(async () => {
    it = await PageInFirefox.open(browser(), inject("address"));
  });

  test("the page says so, shows what stands in the element, and still splits text into tokens", async () => {
    expect(await it.page.evaluate(() => "gpu" in navigator && navigator.gpu)).toBeFalsy();
    const failure = await it.see("[role=alert]");
    expect(await failure.evaluate(({ textContent }) => textContent!.replace(/\s+/g, " ").trim())).toMatch(
      /^This browser has no WebGPU\. Use a current Chrome, .+ no-webgpu$/,
    );
    const isDrawn = await it.page.$eval("next-token", (element) => {
      const content = document.createRange();
      content.selectNodeContents(element);
      return content.getClientRects().length > 0;
    });
    expect(isDrawn).toBe(true);
    const play = await it.find("button", "Play");
    expect(await play.evaluate((button) => button.ariaDisabled)).toBe("true");
    await look(it, "no-webgpu-laptop-dark");
    await it.resize(390, 844);
    await look(it, "no-webgpu-phone-dark");
    await it.type(await it.find("textbox", "Prompt"), "Hi there");
    await expect.poll(() => it.ids()).toEqual([17250, 612]);
    expect(it.wrong).toEqual([]);
  });
});
