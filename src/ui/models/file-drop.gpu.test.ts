import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { acceptDrops } from "./file-drop.ts";

// In a browser, because only there can something be dropped.

const zone = document.createElement("div");
const field = document.createElement("textarea");
const inside = document.createElement("p");
zone.attachShadow({ mode: "open" }).append(field, inside);

const onFile = vi.fn<(file: File) => void>();
const onOther = vi.fn<(name: string) => void>();
let end: () => void;

beforeEach(() => {
  document.body.append(zone);
  end = acceptDrops(zone, onFile, onOther);
});
afterEach(() => {
  end();
  zone.remove();
  vi.clearAllMocks();
});

/** Holds files of these names above `target`, then lets them fall. @returns whether each event was taken */
function drop(target: Element, ...names: string[]) {
  const dataTransfer = new DataTransfer();
  for (const name of names) dataTransfer.items.add(new File(["x"], name));
  const send = (type: string) => {
    const event = new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const over = send("dragover");
  const isMarked = zone.hasAttribute("dropping");
  return { over, isMarked, dropped: send("drop") };
}

it("takes the checkpoint among what is dropped", () => {
  expect(drop(inside, "notes.txt", "model.SAFETENSORS")).toEqual({
    over: true,
    isMarked: true,
    dropped: true,
  });
  expect(onFile.mock.calls.map(([{ name }]) => name)).toEqual(["model.SAFETENSORS"]);
  expect(onOther).not.toHaveBeenCalled();
  expect(zone.hasAttribute("dropping")).toBe(false);
});

it("names what is no checkpoint, and keeps the browser from opening it", () => {
  expect(drop(inside, "essay.pdf")).toEqual({ over: true, isMarked: true, dropped: true });
  expect(onOther).toHaveBeenCalledExactlyOnceWith("essay.pdf");
  expect(onFile).not.toHaveBeenCalled();
});

it("leaves a field of text to the browser", () => {
  expect(drop(field, "model.safetensors")).toEqual({ over: false, isMarked: false, dropped: false });
  expect(onFile).not.toHaveBeenCalled();
  expect(onOther).not.toHaveBeenCalled();
});

it("takes nothing once it has ended", () => {
  end();
  expect(drop(inside, "model.safetensors")).toEqual({ over: false, isMarked: false, dropped: false });
});
