import { afterEach, expect, it } from "vitest";
import { shortcutOf } from "./shortcuts.ts";

// In a browser, because the focus is on elements.

afterEach(() => document.body.replaceChildren());

/** What `key` commands while the focus is on the element that `set` makes of a `tag`. */
function pressed(
  key: string,
  tag = "button",
  set: (element: HTMLElement) => void = () => {},
  repeat = false,
) {
  const element = document.createElement(tag);
  set(element);
  document.body.append(element);
  let command: ReturnType<typeof shortcutOf>;
  element.addEventListener("keydown", (event) => {
    command = shortcutOf(event);
  });
  element.dispatchEvent(new KeyboardEvent("keydown", { key, repeat, bubbles: true }));
  return command;
}

const region = (text: string) => (element: HTMLElement) => {
  element.setAttribute("role", "region");
  element.tabIndex = 0;
  element.style.cssText = "inline-size: 5rem; overflow: auto";
  element.textContent = text;
};

it("commands with a letter or an arrow, but not where someone types", () => {
  expect(["p", "P", "ArrowRight", "ArrowLeft", "t", "r", "x"].map((key) => pressed(key))).toEqual([
    "play",
    "play",
    "step",
    "back",
    "token",
    "reset",
    undefined,
  ]);
  expect(["input", "textarea", "select", "dialog"].map((tag) => pressed("p", tag))).toEqual(
    Array(4).fill(undefined),
  );
});

it("leaves the arrows to what scrolls sideways, and to nothing else", () => {
  const wide = region("probabs".repeat(20));
  expect(pressed("ArrowRight", "pre", wide)).toBeUndefined();
  expect(pressed("p", "pre", wide)).toBe("play");
  expect(pressed("ArrowRight", "pre", region("id"))).toBe("step");
});

it("does once what a key that is held down would do and undo", () => {
  expect(pressed("p", "button", undefined, true)).toBeUndefined();
  expect(pressed("r", "button", undefined, true)).toBeUndefined();
  expect(pressed("ArrowRight", "button", undefined, true)).toBe("step");
});
