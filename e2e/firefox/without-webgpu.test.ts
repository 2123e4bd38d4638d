import { beforeAll, expect, inject, test } from "vitest";
import notebook from "../../tools/parity/notebook.json" with { type: "json" };
import { withoutWebGpu } from "./in-firefox.ts";
import { look } from "./look.ts";
import { PageInFirefox } from "./page-in-firefox.ts";

withoutWebGpu("Firefox without WebGPU, in the dark", { dark: true }, (browser) => {
  let it: PageInFirefox;
  beforeAll(async () => {
    it = await PageInFirefox.open(browser(), inject("address"));
  });

  test("the processor chooses the notebook's tokens, and the page says why it computes", async () => {
    expect(await it.page.evaluate(() => "gpu" in navigator && navigator.gpu)).toBeFalsy();
    await it.type(await it.find("textbox", "Prompt"), "Hi there");
    await expect.poll(() => it.ids()).toEqual([17250, 612]);
    await it.type(await it.find("textbox", "Prompt"), "Hello, I am");
    await expect.poll(() => it.ids()).toEqual(notebook.prompt[0]);
    await it.play();
    await it.hears(/^Finished: Hello, I am/);
    expect(await it.ids()).toEqual(notebook.causal.generated.slice(0, 14));
    expect(await it.text("next-token-status")).toContain(
      "This browser has no WebGPU: computed by 1 thread of the processor.",
    );
    await look(it, "processor-laptop-dark");
    await it.resize(390, 844);
    await look(it, "processor-phone-dark");
    expect(it.wrong).toEqual([]);
  });
});
