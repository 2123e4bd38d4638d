import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeByName } from "../../tools/make-checkpoint.ts";
import pytorch from "../../tools/parity/fixtures/checkpoint-page.json" with { type: "json" };
import notebook from "../../tools/parity/notebook.json" with { type: "json" };
import { cutLetters, cutNumbers, sideways } from "../in-page.ts";
import type { DrivenPage } from "./driven-page.ts";
import { look } from "./look.ts";

/** What differs from one browser to the next. */
export interface Browsing {
  /** Opens the built page, with this hash, in a page of its own. */
  open(hash?: string): Promise<DrivenPage>;
  /** The folder of the pictures, in e2e/every-browser/looks/. */
  looks: string;
  computes: "GPU" | "processor";
  /** Whether its window has the focus: elsewhere nothing in it is `:focus`. */
  hasFocus: boolean;
}

const prompt = notebook.prompt[0]!;
const [fromFile] = pytorch.generated as [number[]];

/** All that a visitor does with the page from the first look to the last, in every browser the same. */
export function mainPath({ open, looks, computes, hasFocus }: Browsing): void {
  const phone = async (it: DrivenPage, name: string) => {
    await it.resize(390, 844);
    await look(it, `${looks}/${name}-phone`);
    await it.resize(1366, 768);
  };
  const onLaptop = (it: DrivenPage, name: string) => look(it, `${looks}/${name}-laptop`);
  const nothingIsWrong = (page: () => DrivenPage) =>
    test("nothing went wrong meanwhile", async () => expect(await page().wrong()).toEqual([]));

  // The notebook's model. Making it is what takes time: one page for all.
  describe("the loop", () => {
    let it: DrivenPage;
    beforeAll(async () => {
      it = await open();
    });
    const generated = async () => (await it.ids()).slice(prompt.length);

    test("shows the tokens of the prompt, and splits another while it is typed", async () => {
      expect(await it.evaluate(() => document.title)).toBe("next-token");
      await it.find("region", "Tokens, with their ids");
      await expect.poll(() => it.ids()).toEqual(prompt);
      await onLaptop(it, "fresh");
      const field = await it.find("textbox", "Prompt");
      await field.type("snap / food's ok");
      await expect.poll(() => it.ids()).toEqual([45380, 1220, 2057, 338, 12876]);
      await field.type("Hello, I am");
      await expect.poll(() => it.ids()).toEqual(prompt);
      expect(await it.evaluate(cutNumbers)).toEqual([]);
    });

    test("appends the notebook's ten tokens, and says who computes", async () => {
      await it.play();
      await it.hears(
        /^Finished: Hello, I am Featureiman Byeswickattribute argue logger Normandy Compton analogous$/,
      );
      expect(await generated()).toEqual(notebook.causal.generated.slice(4, 14));
      if (computes === "processor")
        expect(await it.text("next-token-status")).toContain(
          "This browser has no WebGPU: computed by 1 thread of the processor.",
        );
      await phone(it, "finished");
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
      await it.pressKey("ArrowRight");
      await it.hears(/^Step 4 of 7/);
      await it.pressKey("Tab"); // the ring is shown only where the keyboard brought the focus
      const focus = await it.evaluate(() => {
        let focus = document.activeElement!;
        while (focus.shadowRoot?.activeElement) focus = focus.shadowRoot.activeElement;
        return { text: focus.textContent.trim(), ring: getComputedStyle(focus).outline };
      });
      expect(focus.text).toMatch(/^Step/); // which comes after Back
      if (hasFocus) expect(focus.ring).toContain("solid 2px");
    });

    test("without the mask, as the notebook printed it", async () => {
      await it.press("Reset");
      await (await it.find("spinbutton", "New tokens")).type("3");
      await it.open("Switches");
      await (await it.find("radio", "none")).click();
      await it.play();
      await it.hears(/^Finished: /);
      expect(await generated()).toEqual(notebook.none.generated.slice(4, 7));
    });

    test("looks inside the model: 12 layers of 12 heads", async () => {
      await it.open("Switches");
      await it.open("Into the model");
      await it.press("Look inside");
      await it.hears(/^Looked inside: /);
      expect(await it.text("next-token-inside")).toMatch(/12 layers.{1,5}12 heads/);
      expect(await it.evaluate(cutLetters)).toEqual([]);
      expect(await it.visible(["next-token-attention-grid", "canvas"])).toHaveLength(144);
      await onLaptop(it, "inside");
    });

    nothingIsWrong(() => it);
  });

  // A small model from this computer, and all that can be done with any model: it answers at once.
  describe("a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "next-token-file-"));
    let it: DrivenPage;
    beforeAll(async () => {
      await makeByName("page", folder);
      it = await open();
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test("a checkpoint from disk says what PyTorch says", async () => {
      await chooseFile(it, join(folder, "model.safetensors"));
      await it.play();
      await it.hears(/^Finished: Hello, I am/);
      expect(await it.ids()).toEqual(fromFile);
      expect(await it.text("next-token-models")).toContain("its text is unverified");
    });

    test("the code tells what its names hold", async () => {
      await it.open("Model");
      await it.open("The code");
      await (await it.find("button", "idx_next")).hover();
      await it.see(["next-token-value-tip:popover-open"]);
      expect(await it.text("next-token-value-tip")).toContain(`[[${fromFile.at(-1)}]]`);
    });

    test(`the ${computes} is measured, and what ran is shown`, async () => {
      await it.open(`Into the ${computes}`);
      await (await it.see(["next-token-machine", "button"])).click();
      await it.hears(/^Measured: /);
      await (await it.see(["next-token-machine", "button"], "layer-norm")).click();
      await it.see(["next-token-shader-dialog", "dialog"]);
      const dialog = expect.poll(() => it.text("next-token-shader-dialog"), { timeout: 10_000 });
      await dialog.toContain("@compute");
      if (computes === "processor") await dialog.toContain("The AssemblyScript that ran");
      await it.pressKey("Escape");
      await expect.poll(() => it.visible(["dialog[open]"])).toEqual([]);
      await it.open(`Into the ${computes}`);
    });

    test("every panel is open, and nothing sticks out or is cut at any width", async () => {
      for (const panel of ["Model", "The logits", "Switches", "Into the model"]) await it.open(panel);
      await it.press("Look inside");
      await it.hears(/^Looked inside: /);
      for (const width of [320, 390, 768, 1366, 1920]) {
        await it.resize(width, 844);
        expect(await it.evaluate(sideways), `${width} pixels wide`).toBe(0);
        expect(await it.evaluate(cutLetters), `${width} pixels wide`).toEqual([]);
        expect(await it.evaluate(cutNumbers), `${width} pixels wide`).toEqual([]);
      }
      for (const panel of ["The logits", "Switches"]) await it.open(panel); // closes them: a picture with them is longer than anybody looks at
      await phone(it, "panels");
    });

    nothingIsWrong(() => it);
  });

  // The trained model that comes with the page: its file is fetched and unpacked by the browser.
  describe("the small model", () => {
    let it: DrivenPage;
    beforeAll(async () => {
      it = await open();
    });

    test("is a press away, says what can be known, and shows its training", async () => {
      await it.press("See a small trained one");
      await it.find("slider", "Steps of training");
      await it.play();
      await it.hears(/^Finished: When Sarah and Jack went to the museum, Jack brought the drum to Sarah\./);
      await it.open("Training");
      for (const width of [320, 768, 1366]) {
        await it.resize(width, 844);
        expect(await it.evaluate(sideways), `${width} pixels wide`).toBe(0);
        expect(await it.evaluate(cutLetters), `${width} pixels wide`).toEqual([]);
      }
    });

    nothingIsWrong(() => it);
  });

  test("every cell of the notebook comes out", { timeout: 5 * 60_000 }, async () => {
    const it = await open("#notebook");
    await it.press("Run the notebook");
    await it.hears(/^7 of 7 outputs agree with what was printed\.$/, 4 * 60_000);
    expect((await it.text("next-token-notebook")).match(/✓ agrees/g)).toHaveLength(7);
    await onLaptop(it, "notebook");
    await it.resize(390, 844);
    expect(await it.evaluate(sideways)).toBe(0);
    expect(await it.wrong()).toEqual([]);
  });
}

/** Makes a file of this computer the model, and asks for as many tokens as PyTorch went on for. */
export async function chooseFile(it: DrivenPage, file: string): Promise<void> {
  await it.open("Model");
  await (await it.find("combobox", "Model")).select("form:file");
  await it.chooseFile(file);
  const heads = await it.find("spinbutton", "Heads (n_heads), if its config.json does not say");
  await heads.type("4");
  const count = fromFile.length - pytorch.idx[0]!.length;
  await (await it.find("spinbutton", "New tokens")).type(String(count));
}
