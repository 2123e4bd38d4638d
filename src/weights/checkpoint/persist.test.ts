import { afterEach, beforeEach, expect, test, vi } from "vitest";

let askToPersist: () => void;
beforeEach(async () => {
  vi.resetModules();
  ({ askToPersist } = await import("./persist.ts"));
});
afterEach(() => vi.unstubAllGlobals());

test("the browser is asked once", () => {
  const persist = vi.fn(() => Promise.resolve(true));
  vi.stubGlobal("navigator", { storage: { persist } });
  askToPersist();
  askToPersist();
  expect(persist).toHaveBeenCalledTimes(1);
});

test.each([
  ["no navigator", undefined],
  ["no storage", {}],
  ["no such question", { storage: {} }],
  ["a refusal", { storage: { persist: () => Promise.reject(new Error("no")) } }],
  [
    "an error",
    {
      storage: {
        persist: () => {
          throw new Error("sandboxed");
        },
      },
    },
  ],
  ["an answer that never comes", { storage: { persist: () => new Promise(() => {}) } }],
])("%s changes nothing", (_, navigator) => {
  vi.stubGlobal("navigator", navigator);
  expect(askToPersist).not.toThrow();
});
