import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../../test/fake-backend.ts";
import { gptBackend } from "../models/gpt-backend.ts";
import "../next-token.ts";
import { followLink } from "../../page/page-link.ts";
import type { NextToken } from "../next-token.ts";

// In a browser, over a model that computes nothing: pages set, move, forget and break things around the element.

vi.mock("../models/gpt-backend.ts", async () => {
  const { FakeBackend } = await import("../../test/fake-backend.ts");
  return { gptBackend: new FakeBackend() };
});

let page: HTMLElement;
let thrown: string[];
const note = (event: Event) => thrown.push(event instanceof ErrorEvent ? event.message : `${event}`);

beforeEach(() => {
  Object.assign(gptBackend, new FakeBackend());
  vi.spyOn(console, "warn").mockImplementation(() => {});
  thrown = [];
  window.addEventListener("error", note);
  page = document.createElement("div");
  document.body.append(page);
});
afterEach(() => {
  expect(thrown).toEqual([]);
  window.removeEventListener("error", note);
  page.remove();
  vi.restoreAllMocks();
});

async function write(html: string): Promise<NextToken> {
  page.innerHTML = html;
  const element = page.querySelector("next-token")!;
  await element.updateComplete;
  return element;
}

function find<E extends Element>(root: ParentNode, selector: string): E[] {
  const within = [...root.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
    shadowRoot ? find<E>(shadowRoot, selector) : [],
  );
  return [...root.querySelectorAll<E>(selector), ...within];
}
const warned = () => vi.mocked(console.warn).mock.calls.flat().join("\n");
const failures = (element: NextToken) =>
  find(element.renderRoot, '[role="alert"]').map(({ textContent }) => textContent.trim());
const inTape = (element: NextToken, selector: string) =>
  find(element.renderRoot.querySelector("next-token-tape")!.shadowRoot!, selector);
const told = (element: NextToken, name: string) => {
  const details: unknown[] = [];
  element.addEventListener(name, (event) => details.push((event as CustomEvent).detail));
  return details;
};

describe("attributes and properties", () => {
  const values = ({ prompt, model, maxNewTokens, contextSize, mask, autoplay }: NextToken) => ({
    prompt,
    model,
    maxNewTokens,
    contextSize,
    mask,
    autoplay,
  });
  const standard = {
    prompt: "",
    model: "seed:123",
    maxNewTokens: 10,
    contextSize: 1024,
    mask: "causal",
    autoplay: false,
  };

  it("are the defaults once they are taken away", async () => {
    const element = await write(
      '<next-token prompt="Hi" model="seed:5" max-new-tokens="3" context-size="2" mask="none"></next-token>',
    );
    expect(values(element)).toEqual({
      ...standard,
      prompt: "Hi",
      model: "seed:5",
      maxNewTokens: 3,
      contextSize: 2,
      mask: "none",
    });
    for (const name of ["prompt", "model", "max-new-tokens", "context-size", "mask"])
      element.removeAttribute(name);
    await element.updateComplete;
    expect(values(element)).toEqual(standard);
    await element.generate();
    expect(failures(element)).toEqual([]);
    expect(inTape(element, ".dropped")).toEqual([]);
  });

  it.each([undefined, null, "", " ", "nonsense", Number.NaN, "-1", {}])(
    "set to %s hurt nobody",
    async (value) => {
      const element = await write('<next-token prompt="Hi"></next-token>');
      const names = [
        "maxNewTokens",
        "contextSize",
        "mask",
        "kvCache",
        "ablate",
        "pace",
        "raggedPrompts",
        "row",
        "sampling",
      ];
      for (const name of [...names, "autoplay", "stopAtEndOfText", "destination"])
        Reflect.set(element, name, value);
      for (const name of ["max-new-tokens", "context-size", "mask", "ablate"])
        element.setAttribute(name, String(value));
      element.autoplay = false;
      await element.generate();
      await element.updateComplete;
      expect(failures(element)).toEqual([]);
      expect(inTape(element, ".chip")).toHaveLength(12);
      expect(inTape(element, ".dropped")).toEqual([]);
      Reflect.set(element, "prompts", value);
      Reflect.set(element, "model", value);
      await element.updateComplete;
      await element.step();
    },
  );

  it('autoplay="false" does not play', async () => {
    const element = await write('<next-token autoplay="false" max-new-tokens="1"></next-token>');
    expect(element.autoplay).toBe(false);
    const done = told(element, "done");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(done).toEqual([]);
    const playing = document.createElement("next-token");
    const played = told(playing, "done");
    playing.toggleAttribute("autoplay", true);
    playing.setAttribute("max-new-tokens", "1");
    playing.setAttribute("pace", "fast");
    page.append(playing);
    await expect.poll(() => played).toHaveLength(1);
  });

  it("mask and autoplay stand in the markup as they are, defaults too", async () => {
    const element = await write("<next-token></next-token>");
    const written = () => [element.getAttribute("mask"), element.getAttribute("autoplay")];
    expect(written()).toEqual(["causal", null]);
    Object.assign(element, { mask: "none", autoplay: true });
    await element.updateComplete;
    expect(written()).toEqual(["none", ""]);
  });

  it("the prompts of all rows count more than the first one's, however early they were set", async () => {
    const parked = document.implementation.createHTMLDocument().createElement("next-token") as NextToken;
    Object.assign(parked, { prompts: ["a", "b"], prompt: "c" });
    page.append(parked);
    await parked.updateComplete;
    expect(parked.prompts).toEqual(["a", "b"]);
  });

  it("set before the script came count, also for a run that begins at once", async () => {
    const parked = document.implementation.createHTMLDocument().createElement("next-token") as NextToken;
    Object.assign(parked, { prompts: ["a\r\nb"], maxNewTokens: "2", autoplay: undefined });
    page.append(parked); // where it becomes what it is
    const done = told(parked, "done") as { ids: number[] }[];
    await parked.generate();
    expect(done.map(({ ids }) => ids)).toEqual([[97, 10, 98, 3, 4]]);
  });

  it("come along with a copy, through moves, and end with the element", async () => {
    const element = await write('<next-token prompt="Hi" max-new-tokens="2"></next-token>');
    const copy = element.cloneNode(true) as NextToken;
    page.append(copy);
    await copy.updateComplete;
    expect(values(copy)).toEqual({ ...standard, prompt: "Hi", maxNewTokens: 2 });
    const done = told(copy, "done");
    const [running] = [copy.generate(), page.prepend(copy)];
    await running;
    expect(done).toHaveLength(1);
    const tokens = told(copy, "token");
    copy.addEventListener("token", () => copy.remove(), { once: true });
    await copy.generate();
    expect(tokens.length).toBeLessThan(3);
    page.append(copy);
    await copy.generate();
    expect(failures(copy)).toEqual([]);
  });

  it("line ends are those of a field: the ids are the same before and after typing", async () => {
    const element = await write("<next-token></next-token>");
    const [field] = find<HTMLTextAreaElement>(element.renderRoot, "#prompt");
    const set: ((text: string) => unknown)[] = [
      (text) => element.setAttribute("prompt", text),
      (text) => Object.assign(element, { prompt: text }),
      (text) => Object.assign(element, { prompts: [text] }),
      (text) => followLink(element, `#prompt=${encodeURIComponent(text)}`),
    ];
    for (const each of set) {
      element.prompt = "";
      each("a\r\nb\rc");
      await element.updateComplete;
      await find<NextToken>(element.renderRoot, "next-token-prompts")[0]!.updateComplete;
      expect(element.prompt).toBe("a\nb\nc");
      await expect.poll(() => field!.value).toBe(element.prompt);
    }
  });
});

describe("events", () => {
  it('"error" goes up to the document and not to the window', async () => {
    const element = await write("<next-token></next-token>");
    const heard: string[] = [];
    const listening = new AbortController();
    const { signal } = listening;
    for (const [name, target] of Object.entries({ page, document, window }))
      target.addEventListener("error", () => heard.push(name), { signal });
    const errors = told(element, "error") as { code: string }[];
    element.model = "javascript:alert(1)";
    vi.spyOn(gptBackend, "build").mockRejectedValue(new Error("No such model."));
    await element.generate();
    expect(errors.map(({ code }) => code)).toEqual(["unexpected"]);
    expect(heard).toEqual(["page", "document"]);
    listening.abort();
    window.dispatchEvent(new ErrorEvent("error", { message: "another's" }));
    expect(thrown.splice(0)).toEqual(["another's"]); // what is not ours arrives
  });

  it("survive what a page does in its listeners", async () => {
    const element = await write('<next-token prompt="Hi" max-new-tokens="3"></next-token>');
    const done = told(element, "done");
    element.addEventListener("token", () => {
      throw new Error("the page's own");
    });
    await element.generate();
    expect(done).toHaveLength(1);
    expect(thrown.splice(0)).toEqual(Array(3).fill(expect.stringContaining("the page's own")));
  });

  it("a reset in the middle of a run ends it", async () => {
    const element = await write('<next-token prompt="Hi" max-new-tokens="3"></next-token>');
    element.addEventListener("token", () => element.reset(), { once: true });
    await element.generate();
    expect(failures(element)).toEqual([]);
    await expect.poll(() => inTape(element, ".chip")).toHaveLength(2);
  });
});

describe("a tag that is not ended", () => {
  const isShown = (selector: string) => (page.querySelector(selector)?.getClientRects().length ?? 0) > 0;

  it.each([
    [
      "at the end of a section",
      '<section><next-token prompt="x" /><h2 id="rest">Next section</h2></section>',
    ],
    [
      "before paragraphs",
      '<div>\n<next-token prompt="x" />\n<p>Then</p>\n<p id="rest">and then</p>\n</div>\n<p>After</p>',
    ],
    [
      "before another of its kind",
      '<next-token prompt="x" />\n<p>Then</p>\n<next-token prompt="y" />\n<p id="rest">and then</p>\n',
    ],
    ["before a script", '<next-token prompt="x" /><p id="rest">Then</p><script>0</script>'],
    ["before what a script puts behind it", '<next-token /><section id="rest">Then</section>'],
  ])("%s leaves the rest of the page visible, and the console says what to write", async (_, html) => {
    const element = await write(html);
    page.append(document.createElement("aside"));
    await element.updateComplete;
    expect(isShown("#rest")).toBe(true);
    expect(warned()).toContain("Write <next-token></next-token>.");
    const below = page.querySelector("#rest")!.getBoundingClientRect().top;
    expect(below).toBeGreaterThanOrEqual(
      element.renderRoot.querySelector(".frame")!.getBoundingClientRect().bottom,
    );
  });

  it.each([
    ["a sentence", "<next-token><b id='rest'>It</b> needs WebGPU.</next-token>"],
    ["a paragraph", "<next-token>\n<p id='rest'>It needs WebGPU.</p>\n</next-token>"],
    [
      "a video with its words",
      "<next-token>\n<h3>Demo</h3><p id='rest'>It</p><ul><li>needs</li></ul><img alt=''><a href='#x'>more</a>\n</next-token>\n<p>After</p>",
    ],
  ])("is not %s in place of the demo, which stays hidden", async (_, html) => {
    await write(html);
    expect(isShown("#rest")).toBe(false);
    expect(warned()).toBe("");
  });
});
