import { beforeAll, expect, inject, test } from "vitest";
import { cutLetters, cutNumbers } from "../in-page.ts";
import { appended } from "../the-page.ts";
import { withWebGpu } from "./in-firefox.ts";
import { look } from "./look.ts";
import { PageInFirefox } from "./page-in-firefox.ts";

// The notebook's model, from the first look to the last. Making it is what takes time: one page for all.

withWebGpu("the loop in Firefox", {}, (browser) => {
  let it: PageInFirefox;
  beforeAll(async () => {
    it = await PageInFirefox.open(browser(), inject("address"));
  });

  const count = async (tokens: number) => it.type(await it.find("spinbutton", "New tokens"), String(tokens));

  test("shows the tokens of the prompt, and splits another while it is typed", async () => {
    expect(await it.page.title()).toBe("next-token");
    await it.find("region", "Tokens, with their ids");
    expect(await it.ids()).toEqual([15496, 11, 314, 716]);
    await look(it, "fresh-laptop");
    const prompt = await it.find("textbox", "Prompt");
    await it.type(prompt, "snap / food's ok");
    await expect.poll(() => it.ids()).toEqual([45380, 1220, 2057, 338, 12876]);
    await it.type(prompt, "Hello, I am");
    await expect.poll(() => it.ids()).toEqual([15496, 11, 314, 716]);
    expect(await it.page.evaluate(cutNumbers)).toEqual([]);
  });

  test("appends the notebook's ten tokens", async () => {
    await it.play();
    await it.hears(
      /^Finished: Hello, I am Featureiman Byeswickattribute argue logger Normandy Compton analogous$/,
    );
    expect((await it.ids()).slice(4)).toEqual(appended.causal);
    await it.resize(390, 844);
    await look(it, "finished-phone");
    await it.resize(1366, 768);
  });

  test("steps on and back through the seven steps, by buttons and by keys", async () => {
    await it.press("Reset");
    for (const station of [1, 2, 3, 4]) {
      await it.press("Step");
      await it.hears(new RegExp(`^Step ${station} of 7`));
    }
    expect(await it.hears(/largest probability/)).toMatch(
      /^Step 4 of 7, Selecting the next token: Index 27018 has the largest probability, 1\.\d+ times/,
    );
    await it.press("Back");
    await it.hears(/^Step 3 of 7/);
    await it.page.keyboard.press("ArrowRight");
    await it.hears(/^Step 4 of 7/);
    await it.page.keyboard.press("Tab"); // Gecko shows the ring only where the keyboard brought the focus
    const focus = await it.see("button:focus-visible");
    expect(await focus.evaluate((button) => getComputedStyle(button).outlineWidth)).toBe("2px");
  });

  test("without the mask, as the notebook printed it", async () => {
    await it.press("Reset");
    await count(3);
    await it.open("Switches");
    await (await it.find("radio", "none")).click();
    await it.play();
    await it.hears(/^Finished: /);
    expect((await it.ids()).slice(4)).toEqual(appended.none.slice(0, 3));
  });

  test("looks inside the model: 12 layers of 12 heads", async () => {
    await it.open("Switches");
    await it.open("Into the model");
    await it.press("Look inside");
    await it.hears(/^Looked inside: /);
    expect(await it.text("next-token-inside")).toMatch(/12 layers.{1,5}12 heads/);
    expect(await it.page.evaluate(cutLetters)).toEqual([]);
    const heads = await it.page.$$(">>> next-token-attention-grid >>> canvas");
    const boxes = await Promise.all(heads.map((head) => head.boundingBox()));
    expect(boxes).toHaveLength(144);
    expect(new Set(boxes.map((box) => Math.round(box!.x))).size).toBe(12);
    await look(it, "inside-laptop");
  });

  test("nothing went wrong meanwhile", () => {
    expect(it.wrong).toEqual([]);
  });
});
