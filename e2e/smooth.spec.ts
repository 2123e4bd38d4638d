import { readFileSync } from "node:fs";
import { type Browser, expect, test } from "@playwright/test";
import type { NextToken } from "../src/ui/next-token.ts";
import { makeCheckpoint } from "../tools/make-checkpoint.ts";
import { CheckpointServer } from "./checkpoint-server.ts";
import { type Task, tasksDuring } from "./main-thread.ts";
import { ThePage } from "./the-page.ts";

// What a token costs the page must not grow with the text. The model is so small that drawing is the larger part.
const recipe = { vocab_size: 50257, n_positions: 1024, n_embd: 64, n_layer: 2, n_head: 4, seed: 9 };
const SHORT = 100;
const LONG = 1000;
const NEW = 20;
/** Tokens that the model reads in the second test. */
const CONTEXT = 60;

const LIMIT = 50; // ms of the processor; from here on a browser calls a task long
const GROWTH = 1.33;
const ROUNDS = 3;
const MOST_ROUNDS = 8;

let server: CheckpointServer;
let it: ThePage;

test.beforeAll(async ({ browser }) => {
  server = new CheckpointServer();
  const directory = `${test.info().project.outputDir}/checkpoint-smooth`;
  await makeCheckpoint(recipe, directory);
  for (const name of ["model.safetensors", "config.json"])
    server.files.set(`/${name}`, readFileSync(`${directory}/${name}`));
  const model = `${await server.listen()}/model.safetensors`;
  it = new ThePage(await browser.newPage());
  await it.page.goto(`./?model=${encodeURIComponent(model)}`);
  await it.newTokens.fill(String(NEW));
  await it.newTokens.press("Enter");
  await it.button("Token").click();
  await it.page.getByRole("dialog").getByRole("button", { name: "Allow" }).click();
  await expect(it.chips).toHaveCount(5);
});
test.afterAll(async () => {
  await it.page.close();
  server.close();
});

/** A prompt of so many tokens, whose chips are of many widths. */
function promptOf(tokens: number): string {
  const words = ["the", " cat", " sat", " international", " a", " of", " and", ".", " extraordinary", " I"];
  return Array.from({ length: tokens }, (_, i) => words[(i * 7) % words.length]).join("");
}

interface Cost {
  /** Of the main thread, for a token that is drawn, in ms of the processor. */
  token: number;
  /** The longest task, in ms of the processor. */
  longest: number;
}

const total = (tasks: Task[]) => tasks.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

/** What a token costs behind a prompt of so many; the first, for which the model reads the prompt, is not looked at. */
async function costBehind(browser: Browser, tokens: number): Promise<Cost> {
  await it.prompt.fill(promptOf(tokens));
  await expect(it.chips).toHaveCount(tokens);
  await it.button("Token").click();
  await expect(it.chips).toHaveCount(tokens + 1);
  await expect(it.button(/^Play/)).toBeVisible();
  const tasks = await tasksDuring(browser, it.page, () =>
    it.page.locator("next-token").evaluate((element) => (element as NextToken).generate()),
  );
  const isFrame = ({ did }: Task) => did.has("Layerize") && did.has("Layout");
  const isDrawing = ({ did }: Task) => did.has("Layerize") || did.has("Layout");
  const drawing = total(tasks.filter(isDrawing)) / tasks.filter(isFrame).length;
  const other = total(tasks.filter((task) => !isDrawing(task))) / (NEW - 1);
  return {
    token: drawing + other,
    longest: Math.max(...tasks.map(({ milliseconds }) => milliseconds)),
  };
}

/** The least of each length's costs, taken in turn until they are alike: a busy machine only ever adds to them. */
async function leastOfEach(browser: Browser): Promise<[Cost, Cost]> {
  const costs: Record<number, Cost[]> = { [SHORT]: [], [LONG]: [] };
  const least = (of: Cost[]): Cost => ({
    token: Math.min(...of.map(({ token }) => token)),
    longest: Math.min(...of.map(({ longest }) => longest)),
  });
  for (let round = 1; ; round++) {
    for (const length of [SHORT, LONG]) costs[length].push(await costBehind(browser, length));
    const [short, long] = [least(costs[SHORT]), least(costs[LONG])];
    const isAlike = long.token / short.token < GROWTH && long.longest < LIMIT;
    if (round === MOST_ROUNDS || (round >= ROUNDS && isAlike)) return [short, long];
  }
}

async function doesNotGrow(browser: Browser, what: string): Promise<void> {
  const [short, long] = await leastOfEach(browser);
  console.log(`${what}: ${JSON.stringify({ [SHORT]: short, [LONG]: long })}`);
  expect(long.token / short.token).toBeLessThan(GROWTH);
  expect(long.longest).toBeLessThan(LIMIT);
  expect(await it.ids()).toHaveLength(LONG + NEW);
}

test("tokens that come faster than they can be followed are drawn at most once a frame", async () => {
  await it.prompt.fill(promptOf(SHORT));
  await expect(it.chips).toHaveCount(SHORT);
  await it.newTokens.fill("100");
  await it.newTokens.press("Enter");
  const { drawings, frames, tokens } = await it.page.locator("next-token").evaluate(async (element) => {
    const nextToken = element as NextToken & { performUpdate(): void };
    const count = { drawings: 0, frames: 0, tokens: 0 };
    const { performUpdate } = nextToken;
    nextToken.performUpdate = function () {
      count.drawings++;
      performUpdate.call(this);
    };
    element.addEventListener("token", () => count.tokens++);
    let isOver = false;
    const onFrame = () => {
      count.frames++;
      if (!isOver) requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    await nextToken.generate();
    await nextToken.updateComplete;
    isOver = true;
    Reflect.deleteProperty(nextToken, "performUpdate");
    return count;
  });
  console.log({ drawings, frames, tokens });
  expect(tokens).toBe(100);
  expect(drawings).toBeLessThanOrEqual(frames + 2); // at the beginning and at the end it draws at once
  await it.newTokens.fill(String(NEW));
  await it.newTokens.press("Enter");
  await it.button("Reset").click();
});

test("a token costs as much behind 1,000 tokens as behind 100, and never holds the page", async ({
  browser,
}) => {
  await doesNotGrow(browser, "all are read");
});

test("nor does it where the first tokens are cropped away, and all positions move", async ({ browser }) => {
  await it.open("Switches");
  await it.page.getByRole("spinbutton", { name: "Context size in tokens" }).fill(String(CONTEXT));
  await it.page.keyboard.press("Enter");
  await it.open("Switches");
  await doesNotGrow(browser, `the last ${CONTEXT} are read`);

  const tape = it.page.locator("next-token-tape");
  await expect(tape.locator(".dropped")).toHaveCount(LONG + NEW - CONTEXT);
  await expect(tape.locator(".position")).toHaveText(Array.from({ length: CONTEXT }, (_, i) => String(i)));
});
