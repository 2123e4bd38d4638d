import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noteLoad } from "./last-load.ts";

const ended = expect.objectContaining({ name: "NextTokenError", code: "out-of-memory" });

let storage: Map<string, string>;
let listeners: Map<string, () => void>;
beforeEach(() => {
  storage = new Map();
  listeners = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
    removeItem: (key: string) => storage.delete(key),
  });
  vi.stubGlobal("addEventListener", (name: string, listener: () => void) => listeners.set(name, listener));
  vi.stubGlobal("removeEventListener", (name: string) => listeners.delete(name));
});
afterEach(() => vi.unstubAllGlobals());

const MB = 1e6;

describe("a load that the system ended with its tab", () => {
  it("is not tried again at once, nor is a larger one, but a smaller one is", () => {
    noteLoad(500 * MB);
    noteLoad(120 * MB)();
    expect(() => noteLoad(500 * MB)).not.toThrow(); // the smaller one came through: there is memory again
  });

  it("is told of at the next visit, with what to do; after that it may be tried", () => {
    noteLoad(500 * MB);
    expect(() => noteLoad(650 * MB)).toThrow(ended);
    const finished = noteLoad(650 * MB);
    expect(storage.size).toBe(1);
    finished();
    expect(storage.size).toBe(0);
  });
});

it("a load that came to an end, whichever, is forgotten, and so is one whose page was left", () => {
  noteLoad(500 * MB)();
  expect(storage.size).toBe(0);
  noteLoad(500 * MB);
  listeners.get("pagehide")!();
  expect(storage.size).toBe(0);
});

it("small loads are not noted, and a page without storage loads all the same", () => {
  noteLoad(50 * MB);
  expect(storage.size).toBe(0);
  vi.stubGlobal("localStorage", undefined);
  noteLoad(500 * MB)();
});

it("what else stands in the storage is no load", () => {
  storage.set("next-token loading", "{");
  noteLoad(500 * MB)();
  storage.set("next-token loading", '"much"');
  noteLoad(500 * MB)();
});
