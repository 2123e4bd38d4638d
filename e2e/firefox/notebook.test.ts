import { expect, inject, test } from "vitest";
import { sideways } from "../in-page.ts";
import { withWebGpu } from "./in-firefox.ts";
import { look } from "./look.ts";
import { PageInFirefox } from "./page-in-firefox.ts";

withWebGpu("the notebook's page in Firefox", {}, (browser) => {
  test("every cell of the notebook comes out", { timeout: 5 * 60_000 }, async () => {
    const it = await PageInFirefox.open(browser(), `${inject("address")}#notebook`);
    await it.press("Run the notebook");
    await it.hears(/^7 of 7 outputs agree with what was printed\.$/, 4 * 60_000);
    expect((await it.text("next-token-notebook")).match(/✓ agrees/g)).toHaveLength(7);
    await look(it, "notebook-laptop");
    await it.resize(390, 844);
    expect(await it.page.evaluate(sideways)).toBe(0);
    expect(it.wrong).toEqual([]);
  });
});
