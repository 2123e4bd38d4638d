import AxeBuilder from "@axe-core/playwright";
import { expect, type Locator, test } from "@playwright/test";
import notebook from "../tools/parity/notebook.json" with { type: "json" };
import { appended, ThePage } from "./the-page.ts";

// The loop as a lesson: one page and one model, from the first station to a batch of two.
test.describe.configure({ mode: "serial" });

let it: ThePage;
let stations: Locator;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  it = new ThePage(await context.newPage());
  stations = it.page.getByRole("region", { name: "The loop" }).getByRole("listitem");
  await it.page.goto("./");
  await expect(it.chips).toHaveCount(4);
});

test.afterAll(() => it.page.context().close());

const now = () => it.page.locator("[aria-current=step] .name").first();

test("prompt, text, seven stations and the ten likeliest are in the first view of a laptop", async () => {
  await it.button("Token").click();
  await expect(it.status).toHaveText(/^Token 1 of 10/);
  await expect(stations).toHaveCount(7);
  for (const shown of [it.prompt, it.chips.last(), stations.last(), it.candidates]) {
    await expect(shown).toBeInViewport({ ratio: 1 });
  }
  const { violations } = await new AxeBuilder({ page: it.page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});

test("Step walks the seven steps one by one, with live shapes, and says what happened", async () => {
  await it.button("Reset").click();
  const expected = [
    ["Input to the model", "[1, 4]", /Hello\s*15496.+·am\s*716\s*The model reads all 4 tokens/s],
    [
      "Model output",
      "[1, 4, 50257]",
      /The last row, 3, scores what may follow ·am: from −\d\.\d{4} to \d\.\d{4}\./,
    ],
    [
      "Softmax conversion",
      "[1, 50257]",
      /over the sum of e to all 50,257 is 0\.0\d+ %, for ·Feature; an even guess is 0\.00199 %/,
    ],
    [
      "Selecting the next token",
      "[1, 1]",
      /·Feature\s*27018\s*Index 27018 has the largest probability, 1\.\d+ times that of the second/,
    ],
    [
      "Decoding the token",
      "text",
      /Entry 27018 of the vocabulary is ·Feature, whose dot stands for a space\./,
    ],
    ["Updating the input", "[1, 5]", /·Feature\s*27018\s*idx grew from \[1, 4\] to \[1, 5\]/],
    ["Iterative text generation", "", /Iteration 1 of 10 is over. The next one reads all 5 tokens\./],
  ] as const;
  for (const [i, [name, shape, value]] of expected.entries()) {
    await it.button("Step").click();
    await expect(now()).toHaveText(name);
    await expect(stations.nth(i).locator(".shape")).toHaveText(shape);
    await expect(stations.nth(i).locator(".value")).toHaveText(value);
    await expect(it.status).toHaveText(
      i < 6 ? new RegExp(`^Step ${i + 1} of 7, ${name}: `) : /^Token 1 of 10: ·Feature/,
    );
    await expect(it.chips).toHaveCount(i < 5 ? 4 : 5); // appended at the sixth
    await expect(it.candidates).toHaveCount(i < 2 ? 0 : 1);
  }
});

test("Back walks them back without computing, and a step that was reached can be picked", async () => {
  for (const name of ["Updating the input", "Decoding the token", "Selecting the next token"]) {
    await it.button("Back").click();
    await expect(now()).toHaveText(name);
  }
  await expect(it.chips).toHaveCount(4);
  await stations.nth(6).getByRole("button", { name: "Iterative" }).click();
  await expect(now()).toHaveText("Iterative text generation");
  await expect(it.chips).toHaveCount(5);
});

test("what is pressed again and again at one place stays there, through two iterations", async () => {
  await it.button("Reset").click();
  const walked = async (name: "Step" | "Back", steps: number) => {
    const { x, y, width, height } = (await it.button(name).boundingBox())!;
    const numbers: (string | null)[] = [];
    for (let i = 0; i < steps; i++) {
      await it.page.mouse.click(x + width / 2, y + height / 2);
      await expect(it.page.locator("[aria-current=step] .number")).not.toHaveText(numbers.at(-1) ?? "");
      numbers.push(await it.page.locator("[aria-current=step] .number").first().textContent());
    }
    return numbers.map(Number);
  };
  expect(await walked("Step", 14)).toEqual([1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7]);
  expect(await walked("Back", 13)).toEqual([6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1]);
});

test("the field of the steps and every appended chip lead to their iteration, and the last step to the next one", async () => {
  await it.play();
  await expect(it.status).toHaveText(/^Finished: /);
  const field = it.page.getByRole("spinbutton", { name: "Iteration" });
  await expect(field).toHaveValue("10");
  await field.fill("3");
  await field.press("Enter");
  await expect(it.chips).toHaveCount(7);
  await expect(now()).toHaveText("Updating the input");
  await expect(stations.nth(5)).toContainText("idx grew from [1, 6] to [1, 7]");
  await it.chips.nth(4).getByRole("button").click();
  await expect(field).toHaveValue("1");
  await expect(it.chips).toHaveCount(5);
  await stations.nth(6).getByRole("button", { name: "Iterative" }).click();
  await it.button("Next iteration").click();
  await expect(field).toHaveValue("2");
  await expect(now()).toHaveText("Input to the model");
});

test("says why the second word is not the notebook's, and runs it the notebook's way", async () => {
  await expect(it.page.getByText("The notebook's second word is another")).toBeHidden(); // one word so far
  await stations.nth(5).getByRole("button", { name: "Updating the input" }).click();
  await expect(it.page.getByText("The notebook's second word is another")).toBeVisible();
  await it.pace.selectOption("fast");
  await it.button("Run without the mask").click();
  await expect(it.status).toHaveText(/^Finished: /);
  expect((await it.ids()).slice(4)).toEqual(appended.none);
  await expect(it.page.getByText("The notebook's second word is another")).toBeHidden();
  await it.open("Switches");
  await it.mask("causal").check();
  await it.open("Switches");
  await it.button("Token").click();
  await expect(it.status).toHaveText(/^Token 1 of 10/);
  await it.pace.selectOption("steady");
});

test("logits and probabilities are two scales of one order", async () => {
  const order = () => it.candidates.getByRole("rowheader").allTextContents();
  const before = await order();
  await it.page.getByRole("radio", { name: "logits" }).check();
  await expect(it.page.getByText("The order is that of the probabilities")).toBeVisible();
  expect(await order()).toEqual(before);
  await it.page.getByRole("radio", { name: "probabilities" }).check();
});

test("plays at a pace that can be followed, unless asked for more, and pauses between two steps", async () => {
  await expect(it.pace).toHaveValue("steady");
  await it.button("Play 9 more").click();
  await expect(now()).toHaveText("Updating the input");
  await it.button("Pause").click();
  await expect(it.button(/^Play/)).toBeVisible();
  await it.play();
  await expect(it.status).toHaveText(/^Finished: /);
  expect((await it.ids()).slice(4)).toEqual(appended.causal);
});

test("without the KV cache chooses the same ids", async () => {
  await it.button("Reset").click();
  await it.open("Switches");
  await it.page.getByRole("group", { name: "KV cache" }).getByRole("radio", { name: "off" }).check();
  await it.newTokens.fill("3");
  await it.newTokens.press("Enter");
  await it.play();
  await expect(it.status).toHaveText(/^Finished: /);
  expect((await it.ids()).slice(4)).toEqual(appended.causal.slice(0, 3));
  await expect(it.page.getByText(/6 tokens computed in/)).toBeVisible();
  await it.page.getByRole("group", { name: "KV cache" }).getByRole("radio", { name: "on" }).check();
});

test("a smaller context crops the text and says what it costs", async () => {
  await it.page.getByRole("spinbutton", { name: "Context size in tokens" }).fill("4");
  await it.page.keyboard.press("Enter");
  await expect(it.page.getByText("The first 3 of 7 tokens are cropped away")).toBeVisible();
  await expect(it.page.locator("next-token-tape .dropped")).toHaveCount(3);
  await expect(it.page.locator("next-token-tape .position")).toHaveText(["0", "1", "2", "3"]);
  await it.button("Token").click();
  await expect(
    it.page.getByText(/computed 4 positions in .+ the KV cache is built anew at each iteration/),
  ).toBeVisible();
  await expect(it.page.locator("next-token-tape .dropped")).toHaveCount(4);
  await it.page.getByRole("spinbutton", { name: "Context size in tokens" }).fill("1024");
  await it.page.keyboard.press("Enter");
});

test("the notebook's example of cropping is one press", async () => {
  await it.button("Try eight ids with a context of 6").click();
  await expect(it.chips).toHaveCount(8);
  await expect(it.page.locator("next-token-tape .dropped")).toHaveCount(2);
  await it.button("Step").click();
  await expect(stations.nth(0)).toContainText(
    "The text has 8 tokens; the model reads the last 6, because context_size is 6.",
  );
  await it.page.getByRole("spinbutton", { name: "Context size in tokens" }).fill("1024");
  await it.page.keyboard.press("Enter");
  await it.prompt.fill("Hello, I am");
  await expect(it.chips).toHaveCount(4);
});

test("sampling draws the same text from the same seed", async () => {
  const choice = it.page.getByRole("group", { name: "Choice" });
  await choice.getByRole("radio", { name: "sampled" }).check();
  const drawn: number[][] = [];
  for (const seed of ["5", "5", "6"]) {
    await choice.getByRole("spinbutton", { name: "seed" }).fill(seed);
    await it.page.keyboard.press("Enter");
    await it.button("Reset").click();
    await it.play();
    await expect(it.status).toHaveText(/^Finished: /);
    drawn.push(await it.ids());
  }
  expect(drawn[1]).toEqual(drawn[0]);
  expect(drawn[2]).not.toEqual(drawn[0]);
  await expect(stations.nth(3).locator(".code")).toHaveText(
    "idx_next = torch.multinomial(probabs, num_samples=1)",
  );
  await choice.getByRole("spinbutton", { name: "temperature" }).fill("0.2");
  await it.page.keyboard.press("Enter");
  await choice.getByRole("spinbutton", { name: "top k" }).fill("5");
  await it.page.keyboard.press("Enter");
  await it.button("Reset").click();
  await it.button("Token").click();
  await expect(it.status).toHaveText(/^Token 1 of/);
  await expect(stations.nth(2)).toContainText("probabs = torch.softmax(logits / 0.2, dim=-1)");
  await expect(stations.nth(2)).toContainText("all but its 5 largest logits become −∞");
  await expect(stations.nth(3)).toContainText(/The number 0\.\d{6} was drawn between 0 and 1\./);
  await expect(it.candidates.getByRole("columnheader")).toHaveText([
    "Token and id",
    "Drawn with",
    "Softmax alone",
    "Logit / 0.2",
  ]);
  await expect(it.candidates.getByText("left out")).toHaveCount(5);
  await expect(it.page.getByText("these ten hold 100 % of it")).toContainText(/The number drawn: 0\.\d{6}\./);
  await choice.getByRole("radio", { name: "greedy" }).check();
  await expect(stations.nth(3).locator(".code")).toHaveText(
    "idx_next = torch.multinomial(probabs, num_samples=1)",
  ); // as this token was chosen
});

test("the matrix of logits is the notebook's, for both rows of its batch, as far as each step has come", async () => {
  await it.button("Reset").click();
  await it.prompt.fill("Every effort moves you");
  await it.button("Add a prompt").click();
  await expect(it.page.getByRole("textbox", { name: "Prompt, row 1" })).toHaveValue("Every day holds a");
  await it.open("The logits");
  const table = (row: number) =>
    it.page.getByRole("region", { name: `logits [2, 4, 50257], row ${row}` }).getByRole("table");
  for (let step = 1; step <= 2; step++) await it.button("Step").click();
  for (const row of [0, 1]) {
    await expect(table(row).getByRole("row")).toHaveCount(5);
    for (const [t, position] of notebook.causal.eval_logits[row]!.entries()) {
      const cells = await table(row)
        .getByRole("row")
        .nth(t + 1)
        .getByRole("cell")
        .allTextContents();
      const numbers = cells.filter((cell) => cell !== "…").map((cell) => Number(cell.replace("−", "-")));
      const expected = [...position.first.slice(0, 3), ...position.last.slice(-3)];
      const found = [...numbers.slice(0, 3), ...numbers.slice(-3)];
      for (const [i, logit] of expected.entries()) expect(Math.abs(found[i]! - logit)).toBeLessThan(1.5e-4);
    }
    await expect(table(row).getByText("not used")).toHaveCount(0);
  }
  await it.button("Step").click();
  await expect(table(0).getByText("not used")).toHaveCount(3);
  await expect(table(1).getByRole("rowheader", { name: "probabs" })).toBeVisible();
  await expect(table(0).locator(".decided")).toHaveCount(0);
  await it.button("Step").click();
  await expect(table(0).locator(".decided")).toContainText("%");
  await expect(stations.nth(3)).toContainText(/For all rows, idx_next is \[\[\d+\], \[\d+\]\]\./);
  const { violations } = await new AxeBuilder({ page: it.page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await it.open("The logits");
  await it.button("Remove row 1").click();
  await it.prompt.fill("Hello, I am");
  await it.button("Reset").click();
});

test("a batch goes through one forward pass; prompts of unequal length are refused with the reason", async () => {
  await it.button("Add a prompt").click();
  await it.page.getByRole("textbox", { name: "Prompt, row 1" }).fill("Every effort moves you");
  await it.play();
  await expect(it.status).toHaveText(
    /^Finished: row 0: Hello, I am Feature.+ · row 1: Every effort moves you/,
  );
  await expect(it.chips).toHaveCount(14);
  expect((await it.ids()).slice(4, 7)).toEqual(appended.causal.slice(0, 3));

  await it.page.getByRole("textbox", { name: "Prompt, row 1" }).fill("Every effort");
  await expect(it.failure).toHaveText(/^The prompts have 4, 2 tokens\. One forward pass reads a table/);
  await expect(it.button("Play")).toHaveAttribute("aria-disabled", "true");
  await it.page.getByRole("combobox", { name: "Unequal lengths" }).selectOption({ index: 1 });
  await expect(it.failure).toHaveCount(0);
  await expect(it.chips).toHaveCount(4);
  await it.button("Remove row 1").click();
  await expect(it.chips).toHaveText(["Hello15496", ",11", "·I314", "·am716"]);
});
