import { expect, type FrameLocator, type Page, test } from "@playwright/test";
import { CheckpointServer } from "./checkpoint-server.ts";
import { HostServer } from "./host-server.ts";

// The page in a frame of somebody else's: options in its address, its height and what happens as messages, commands back.

const model = encodeURIComponent("seed:123#n_layers=1&n_heads=2&emb_dim=8&context_length=16");
const options = `embed=1&prompt=Hello&max-new-tokens=2&pace=fast&model=${model}`;

/** The script of a teacher's page, as docs/embedding.md has it: each frame becomes as tall as it says. */
const listens = `
  window.told = [];
  addEventListener("message", ({ source, origin, data }) => {
    const frame = [...document.querySelectorAll("iframe")].find((each) => each.contentWindow === source);
    if (!frame || data?.source !== "next-token") return;
    if (data.type === "height") frame.style.height = data.height + "px";
    told.push({ frame: frame.id, origin, ...data });
  });
  window.say = (id, message, to) => document.getElementById(id).contentWindow.postMessage(message, to);`;

const framed = (address: string, id = "one", more = "") =>
  `<iframe id="${id}" name="${id}" title="Next token" width="700" src="${address.replaceAll("&", "&amp;")}" ${more}></iframe>`;

const host = new HostServer();
const other = new HostServer();
let address: string;
let elsewhere: string;
test.beforeAll(async () => {
  address = await host.listen();
  elsewhere = await other.listen();
});
test.afterAll(() => {
  host.close();
  other.close();
});

/** A page at the host's address with these frames in it. */
async function visit(page: Page, frames: string): Promise<void> {
  host.page("/", `<!doctype html><html lang="en"><title>Lesson</title><script>${listens}</script>${frames}`);
  await page.goto(`${address}/`);
}

interface Told {
  frame: string;
  origin: string;
  type: "height" | "event";
  height: number;
  event: string;
  detail: { text: string; code: string };
}

const told = (page: Page, type: Told["type"], frame = "one") =>
  page.evaluate(
    ([type, frame]) =>
      (Reflect.get(window, "told") as Told[]).filter((each) => each.type === type && each.frame === frame),
    [type, frame],
  );
const events = async (page: Page, frame?: string) =>
  (await told(page, "event", frame)).map(({ event }) => event).filter((event) => event !== "progress");

const say = (page: Page, message: object, to: string, frame = "one") =>
  page.evaluate(([frame, message, to]) => Reflect.get(window, "say")(frame, message, to), [
    frame,
    message,
    to,
  ] as const);
const command = (name: string) => ({ target: "next-token", command: name });

const chips = (frame: FrameLocator) => frame.locator("next-token-tape .chip");

test("a frame takes its options, tells its height and what happens, and does what it is asked", async ({
  page,
  baseURL,
}) => {
  await visit(page, framed(`${baseURL}?${options}&embed-origin=${address}`));
  const frame = page.frameLocator("#one");
  await expect(frame.getByRole("textbox", { name: "Prompt" })).toHaveValue("Hello");
  await expect(frame.getByRole("heading", { level: 1 })).toBeHidden();

  // as tall as it says, nothing of it scrolls
  await expect.poll(async () => (await told(page, "height")).length).toBeGreaterThan(0);
  const scrolls = () => frame.locator("html").evaluate((html) => html.scrollHeight > html.clientHeight + 1);
  await expect.poll(scrolls).toBe(false);
  await frame.getByText("Into the model").first().click();
  await expect.poll(scrolls).toBe(false);

  await say(page, command("generate"), new URL(baseURL!).origin);
  await expect
    .poll(() => events(page))
    .toEqual(["ready", "before-token", "token", "before-token", "token", "done"]);
  const [done] = (await told(page, "event")).filter(({ event }) => event === "done");
  expect(done!.detail.text).toMatch(/^Hello./);
  expect(done!.origin).toBe(new URL(baseURL!).origin);

  await say(page, command("reset"), "*");
  await expect(chips(frame)).toHaveCount(1);
  await say(page, { ...command("set"), attribute: "prompt", value: "Hello, I am" }, "*");
  await expect(chips(frame)).toHaveCount(4);
});

test("it tells nobody of what happens, and takes no command, where its address names no origin or another's", async ({
  page,
  baseURL,
}) => {
  const warned: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warned.push(message.text()));
  await visit(
    page,
    framed(`${baseURL}?${options}&onclick=alert(1)`) +
      framed(`${baseURL}?${options}&embed-origin=${elsewhere}`, "two") +
      framed(`${baseURL}?${options}&embed-origin=${address}`, "three"),
  );
  for (const id of ["one", "two", "three"]) {
    await expect.poll(async () => (await told(page, "height", id)).length).toBeGreaterThan(0);
    await say(page, command("generate"), "*", id);
  }
  await expect.poll(() => events(page, "three")).toContain("done"); // so the others had the time
  await page.frameLocator("#one").getByRole("button", { name: "Play" }).click();
  await expect(page.frameLocator("#one").getByRole("status").first()).toHaveText(/^Finished/);
  expect(await events(page, "one")).toEqual([]);
  expect(await events(page, "two")).toEqual([]);
  await page.locator("#two").scrollIntoViewIfNeeded(); // its prompt is split once it is seen
  await expect(chips(page.frameLocator("#two"))).toHaveCount(1);
  expect(warned).toContainEqual(expect.stringContaining("“onclick” in the frame's address is no attribute"));
});

test("another window than the one around it commands nothing, whatever its origin", async ({
  page,
  baseURL,
}) => {
  await visit(page, framed(`${baseURL}?${options}&embed-origin=${address}`));
  host.page("/sibling", "<!doctype html><title>Sibling</title>");
  await expect.poll(async () => (await told(page, "height")).length).toBeGreaterThan(0);
  await page.evaluate(async () => {
    const sibling = document.createElement("iframe");
    sibling.src = "/sibling";
    document.body.append(sibling);
    await new Promise((loaded) => sibling.addEventListener("load", loaded));
    const { document: inside } = sibling.contentWindow!;
    const script = inside.createElement("script");
    script.textContent = "parent.one.postMessage({ target: 'next-token', command: 'generate' }, '*')";
    inside.body.append(script);
  });
  await page.waitForTimeout(500);
  await expect(chips(page.frameLocator("#one"))).toHaveCount(1);
  await say(page, command("step"), "*");
  await expect.poll(() => events(page)).toContain("ready");
});

/** Our site as it has to be served for frames that have no origin: whoever asks may read its scripts. */
async function readableByAnybody(): Promise<{ site: string; close: () => void }> {
  const server = new CheckpointServer();
  server.addFolder("dist", "");
  return { site: `${await server.listen()}/index.html`, close: () => server.close() };
}

test("a sandboxed frame, which has no origin, tells and takes the same", async ({ page }) => {
  const { site, close } = await readableByAnybody();
  await visit(page, framed(`${site}?${options}&embed-origin=${address}`, "one", 'sandbox="allow-scripts"'));
  await expect.poll(async () => (await told(page, "height")).length).toBeGreaterThan(0);
  await say(page, command("generate"), "*");
  await expect.poll(() => events(page)).toContain("done");
  expect((await told(page, "event"))[0]!.origin).toBe("null");
  close();
});

test("a page without an origin is told where it is named and has said hello", async ({ page }) => {
  const { site, close } = await readableByAnybody();
  // It asks both frames again and again, of which one names it, and passes on what it hears.
  const inner = `<!doctype html><title>No origin</title><script>${listens}
    addEventListener("message", () => parent.postMessage(told.map((each) => [each.frame, each.type, each.event].join(" ")), "*"));
    setInterval(() => ["one", "two"].forEach((id) => say(id, { target: "next-token", command: "hello" }, "*")), 500);
    setTimeout(() => ["one", "two"].forEach((id) => say(id, { target: "next-token", command: "generate" }, "*")), 3000);
  </script>${framed(`${site}?${options}&embed-origin=null`)}${framed(`${site}?${options}&embed-origin=${address}`, "two")}`;
  const srcdoc = inner.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  await visit(page, `<iframe id="outer" title="Outer" sandbox="allow-scripts" srcdoc="${srcdoc}"></iframe>`);
  await page.evaluate(() =>
    addEventListener("message", ({ data }) => Array.isArray(data) && Reflect.set(window, "heard", data)),
  );
  const heard = () => page.evaluate(() => (Reflect.get(window, "heard") ?? []) as string[]);
  await expect.poll(heard).toContain("one event done");
  expect(await heard()).toContain("two height ");
  expect((await heard()).filter((each) => each.startsWith("two event"))).toEqual([]);
  close();
});

test("its address, opened as a page, is the element with these options", async ({ page, baseURL }) => {
  await page.goto(`${baseURL}?${options}&embed-origin=${address}`);
  await expect(page.getByRole("textbox", { name: "Prompt" })).toHaveValue("Hello");
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByRole("status").first()).toHaveText(/^Finished/);
});
