import { expect, test } from "@playwright/test";
import shapes from "../tools/parity/shapes.json" with { type: "json" };
import { ThePage } from "./the-page.ts";

const [{ prompt, causal, parameters }] = shapes as [(typeof shapes)[number]];
const model = "seed:123#n_layers=4&n_heads=4&emb_dim=96&context_length=64";
const name = "Untrained, seed 123 (4 layers, 96 wide)";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("a seed's model of another configuration: PyTorch's ids, its own context, menu and link", async ({
  page,
}) => {
  await page.goto(`./#${new URLSearchParams({ model })}`);
  const it = new ThePage(page);
  await expect(page.getByText("A GPT with 10,101,888 parameters runs in this browser")).toBeVisible();
  expect(parameters).toBe(10_101_888);

  await it.open("Switches");
  const context = page.getByRole("spinbutton", { name: "Context size in tokens" });
  await expect(context).toHaveValue("64"); // before anything is computed
  await expect(context).toHaveAttribute("max", "64");
  await it.open("Into the model");
  await expect(page.getByRole("button", { name: "Attention of block 3" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Attention of block 4" })).toHaveCount(0);

  await it.newTokens.fill("20");
  await it.newTokens.press("Enter");
  await it.play();
  await expect(it.status).toHaveText(/^Finished: Hello, I am/);
  expect(prompt[0]).toEqual(causal.generated.slice(0, 4));
  expect(await it.ids()).toEqual(causal.generated);
  await expect(context).toHaveValue("64");

  await it.open("Model");
  const menu = page.getByRole("combobox", { name: "Model" });
  await expect(menu.getByRole("option", { selected: true })).toHaveText(name);
  await expect(page.getByText("its 10,101,888 parameters are drawn here")).toBeVisible();

  await expect.poll(() => new URLSearchParams(new URL(page.url()).hash.slice(1)).get("model")).toBe(model);
  await it.open("Share and keep");
  await it.button("Copy link").click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URLSearchParams(new URL(link).hash.slice(1)).get("model")).toBe(model);

  await menu.selectOption({ label: "Untrained, seed 123" });
  await expect(context).toHaveValue("1024");
  await expect(page.getByText("GPT-2 (124M) runs in this browser")).toBeVisible();
});

test("?model= takes a configuration along", async ({ page }) => {
  await page.goto(`./?${new URLSearchParams({ model })}`);
  await expect(page.locator("summary", { hasText: /^\s*Model/ })).toContainText(name);
});

test("a seed's model that nobody can have is refused with a sentence, and nothing is computed", async ({
  page,
}) => {
  const it = new ThePage(page);
  for (const [details, sentence] of [
    [
      "n_layers=1000000000",
      "n_layers is 1000000000; a model made from a seed has at most 256. Choose fewer.",
    ],
    ["n_heads=5", "emb_dim 768 cannot be shared out among 5 heads. Choose an n_heads that divides it."],
    ["vocab_size=999999999999999", "This model would have more than a thousand billion parameters"],
  ] as const) {
    await page.goto("about:blank");
    await page.goto(`./#${new URLSearchParams({ model: `seed:123#${details}` })}`);
    await it.play();
    await expect(it.failure).toContainText(sentence);
    expect(await it.ids()).toEqual(prompt[0]);
    await expect(page.getByRole("progressbar")).toHaveCount(0);
    await it.open("Into the model");
    await expect(page.getByRole("button", { name: "Attention of block 11" })).toBeVisible(); // the notebook's, not a billion
  }
});

test("a prompt beyond a small vocabulary is refused with a sentence that names it", async ({ page }) => {
  await page.goto(
    `./#${new URLSearchParams({ model: "seed:1#vocab_size=1000&n_layers=1&emb_dim=48&n_heads=4" })}`,
  );
  const it = new ThePage(page);
  await it.play();
  await expect(it.failure).toContainText(
    "Token id 15496 in row 0 is not a whole number from 0 to 999: the model has vocab_size=1000.",
  );
  await it.prompt.fill("I am");
  await it.play();
  await expect(it.status).toHaveText(/^Finished: I am/);
});
