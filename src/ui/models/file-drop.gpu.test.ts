import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { acceptDrops } from "./file-drop.ts";

// In a browser, because only there can something be dropped.

const dropTarget = document.createElement("div");
const field = document.createElement("textarea");
const inside = document.createElement("p");
dropTarget.attachShadow({ mode: "open" }).append(field, inside);

const onFiles = vi.fn<(files: readonly File[]) => void>();
let end: () => void;

beforeEach(() => {
  document.body.append(dropTarget);
  end = acceptDrops(dropTarget, onFiles);
});
afterEach(() => {
  end();
  dropTarget.remove();
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
  const isMarked = dropTarget.hasAttribute("dropping");
  return { over, isMarked, dropped: send("drop") };
}

it("takes all that is dropped together, and keeps the browser from opening it", () => {
  expect(drop(inside, "config.json", "model.SAFETENSORS")).toEqual({
    over: true,
    isMarked: true,
    dropped: true,
  });
  expect(onFiles).toHaveBeenCalledOnce();
  expect(onFiles.mock.lastCall![0].map(({ name }) => name)).toEqual(["config.json", "model.SAFETENSORS"]);
  expect(dropTarget.hasAttribute("dropping")).toBe(false);
});

it("leaves a field of text to the browser", () => {
  expect(drop(field, "model.safetensors")).toEqual({ over: false, isMarked: false, dropped: false });
  expect(onFiles).not.toHaveBeenCalled();
});

it("takes nothing once it has ended", () => {
  end();
  expect(drop(inside, "model.safetensors")).toEqual({ over: false, isMarked: false, dropped: false });
});
