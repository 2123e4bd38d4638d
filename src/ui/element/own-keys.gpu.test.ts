import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../next-token.ts";
import type { NextToken } from "../next-token.ts";

// In a browser: which keys the page around the element hears of.

vi.mock("../models/gpt-backend.ts", async () => {
  const { FakeBackend } = await import("../../test/fake-backend.ts");
  return { gptBackend: new FakeBackend() };
});

let element: NextToken;
/** What listeners of the page heard, by phase. */
let heard: { bubbling: string[]; capturing: string[] };
let listening: AbortController;

beforeEach(async () => {
  element = document.createElement("next-token");
  element.innerHTML = '<a href="#elsewhere">Content of the page</a>';
  element.maxNewTokens = 0; // what is commanded computes nothing
  document.body.append(element);
  await element.updateComplete;
  for (const details of find<HTMLDetailsElement>("details")) details.open = true;
  heard = { bubbling: [], capturing: [] };
  listening = new AbortController();
  const { signal } = listening;
  for (const type of ["keydown", "keyup", "keypress", "input", "beforeinput", "paste"]) {
    const note = (into: string[]) => (event: Event) =>
      into.push(event instanceof KeyboardEvent ? `${type} ${event.key}` : type);
    document.addEventListener(type, note(heard.bubbling), { signal });
    document.addEventListener(type, note(heard.capturing), { signal, capture: true });
  }
});
afterEach(() => {
  listening.abort();
  element.remove();
});

function find<E extends Element>(selector: string, root: ParentNode = element.renderRoot): E[] {
  const within = [...root.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
    shadowRoot ? find<E>(selector, shadowRoot) : [],
  );
  return [...root.querySelectorAll<E>(selector), ...within];
}
const button = (name: string) =>
  find<HTMLButtonElement>("button").find(({ innerText }) => innerText.trim().startsWith(name))!;

/** Presses a key and lets it go. @returns which of both a page hears that listens as pages do */
function press(target: EventTarget, key: string, init: KeyboardEventInit = {}): string[] {
  heard.bubbling.length = 0;
  heard.capturing.length = 0;
  const all = { key, code: `Code-${key}`, bubbles: true, composed: true, cancelable: true, ...init };
  target.dispatchEvent(new KeyboardEvent("keydown", all));
  target.dispatchEvent(new KeyboardEvent("keyup", all));
  return [...heard.bubbling];
}

/** The keys of `keys` that the page hears of. */
const heardOf = (target: EventTarget, keys: string[]) => keys.filter((key) => press(target, key).length > 0);

const typed = [..."snap / food, ok.?jf1 ", "ArrowLeft", "ArrowUp", "Home", "PageDown", "Enter"];
const unused = ["Tab", "F5", "Escape", "Shift"];

describe("keys", () => {
  it("that are typed in a field are nobody else's, not even where a document captures", () => {
    const fields = ["#prompt", "input[type=number]", "select"].map((selector) => find(selector)[0]!);
    for (const field of fields) {
      expect(heardOf(field, typed)).toEqual([]);
      press(field, "s");
      expect(heard.capturing).toEqual([]);
      expect(heardOf(field, unused)).toEqual(unused);
    }
  });

  it("that command the page or the browser go on from a field, but for those that edit", () => {
    const [prompt] = find("#prompt");
    expect(press(prompt!, "k", { ctrlKey: true })).toEqual(["keydown k", "keyup k"]);
    expect(press(prompt!, "k", { metaKey: true })).toEqual(["keydown k", "keyup k"]);
    expect(press(prompt!, "f", { altKey: true })).toEqual(["keydown f", "keyup f"]);
    expect(press(prompt!, "z", { ctrlKey: true })).toEqual([]);
    expect(press(prompt!, "@", { ctrlKey: true, altKey: true })).toEqual([]); // a third level
    expect(press(prompt!, "∂", { altKey: true })).toEqual([]); // the same on a Mac
    expect(press(prompt!, "Enter", { ctrlKey: true })).toEqual([]);
  });

  it("of an input method are its own, and command nothing", async () => {
    const [prompt] = find("#prompt");
    for (const key of ["Process", "Enter", "Escape", "Tab", "a"])
      expect(press(prompt!, key, { isComposing: true })).toEqual([]);
    press(prompt!, "Enter", { isComposing: true, ctrlKey: true });
    press(button("Step"), "t", { isComposing: true });
    await element.updateComplete;
    expect(button("Play").innerText).toContain("Play");
    expect(find("next-token-stations")[0]!.shadowRoot!.querySelector('[aria-current="step"]')).toBeNull();
  });

  it("that the element uses stay, held down, too; the others go on", async () => {
    const on = button("Back");
    expect(heardOf(on, ["p", "P", "t", "r", "ArrowLeft", "ArrowRight", " ", "Enter"])).toEqual([]);
    const others = ["j", "/", "?", "s", "Tab", "F5", "Escape", "PageDown", "ArrowDown", "Home"];
    expect(heardOf(on, others)).toEqual(others);
    expect(press(on, "r", { repeat: true })).toEqual([]);
    expect(press(on, "r", { ctrlKey: true })).toEqual(["keydown r", "keyup r"]);
    const [summary, radio] = [find("summary")[0]!, find("[type=radio]")[0]!];
    expect(heardOf(summary, [" ", "Enter", "PageDown"])).toEqual(["PageDown"]);
    expect(heardOf(radio, [" ", "ArrowDown", "ArrowLeft", "j"])).toEqual(["j"]);
    await expect.poll(() => find("[type=range]").length).toBeGreaterThan(0); // in a panel whose code comes late
    const [range] = find("[type=range]");
    expect(heardOf(range!, ["ArrowUp", "Home", "PageDown", "j"])).toEqual(["j"]);
  });

  it("that scroll what has the focus stay where there is something to scroll", () => {
    const [tape] = find<HTMLElement>('[aria-label="Tokens, with their ids"]');
    expect(heardOf(tape!, ["ArrowDown", "PageDown", " "])).toEqual(["ArrowDown", "PageDown", " "]);
    tape!.style.blockSize = "10px";
    tape!.append(Object.assign(document.createElement("pre"), { textContent: "\n".repeat(50) }));
    expect(heardOf(tape!, ["ArrowDown", "PageDown", " "])).toEqual([]);
  });

  it("in a dialog reach nobody behind it", () => {
    const dialog = document.createElement("dialog");
    const inside = dialog.appendChild(document.createElement("button"));
    element.renderRoot.append(dialog);
    dialog.showModal();
    const field = dialog.appendChild(document.createElement("input"));
    for (const each of [inside, field])
      expect(heardOf(each, ["Escape", "ArrowRight", "s", " ", "Tab"])).toEqual(["Tab"]);
  });

  it("that the page has claimed are the page's", () => {
    const [step, before] = [button("Step"), element.link];
    document.addEventListener("keydown", (event) => event.preventDefault(), {
      capture: true,
      signal: listening.signal,
    });
    expect(heardOf(step, ["ArrowRight", "t"])).toEqual(["ArrowRight", "t"]);
    expect(heardOf(find("#prompt")[0]!, ["s"])).toEqual([]);
    expect(element.link).toBe(before);
  });

  it("pressed on the page's own content between the tags are the page's", () => {
    expect(heardOf(element.querySelector("a")!, ["p", "s", "Enter"])).toEqual(["p", "s", "Enter"]);
  });

  it("that were used are let go in secret, and once", () => {
    press(button("Back"), "t");
    const up = new KeyboardEvent("keyup", { key: "s", code: "KeyS", bubbles: true, composed: true });
    document.body.dispatchEvent(up);
    expect(heard.bubbling).toEqual(["keyup s"]);
    const down = (target: EventTarget) =>
      target.dispatchEvent(
        new KeyboardEvent("keydown", { key: "s", code: "KeyS", bubbles: true, composed: true }),
      );
    down(find("#prompt")[0]!); // the focus moves away, and its end never comes
    down(document.body);
    document.body.dispatchEvent(new KeyboardEvent("keyup", { key: "s", code: "KeyS", bubbles: true }));
    expect(heard.bubbling).toEqual(["keyup s", "keydown s", "keyup s"]);
  });
});

it("tells a page whose listeners come first that somebody types", () => {
  expect(element.isContentEditable).toBe(false);
  find<HTMLElement>("#prompt")[0]!.focus();
  expect(document.activeElement!.tagName).toBe("NEXT-TOKEN");
  expect((document.activeElement as HTMLElement).isContentEditable).toBe(true);
  button("Back").focus();
  expect(element.isContentEditable).toBe(false);
});

it("lets nobody else hear of text in its fields", () => {
  const [prompt] = find<HTMLTextAreaElement>("#prompt");
  for (const type of ["beforeinput", "input", "paste"])
    prompt!.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  expect(heard.bubbling).toEqual([]);
  button("Back").dispatchEvent(new Event("paste", { bubbles: true, composed: true }));
  expect(heard.bubbling).toEqual(["paste"]);
});
