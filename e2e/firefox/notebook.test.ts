import { expect, inject, test } from "vitest";
import { withWebGpu } from "./in-firefox.ts";
import { look } from "./look.ts";
import { PageInFirefox } from "./page-in-firefox.ts";

withWebGpu("the notebook's page in Firefox", { profile: inject("profile") }, (browser) => {
  test("every cell of the notebook comes out", async () => {
    const it = await PageInFirefox.open(browser(), `${inject("address")}#notebook`);
    await it.press("Run the notebook");
    await it.hears(/^7 of 7 outputs agree with what was printed\.$/);
    expect((await it.text("next-token-notebook")).match(/✓ agrees/g)).toHaveLength(7);
    await look(it, "notebook-laptop");
    await it.resize(390, 844);
    await look(it, "notebook-phone");
    expect(it.wrong).toEqual([]);
  });
});
