import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Engine } from "../../gpu/engine.ts";
import { forgetTuning, loadTuning, saveTuning } from "./kept-tuning.ts";
import type { TunedKernels } from "./tuned-kernels.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const kernels: TunedKernels = {
  one: "matvecSubgroups",
  few: "matvecSubgroups",
  many: "matmul",
  attention: "tile",
};

let storage: Map<string, string>;
beforeEach(() => {
  storage = new Map();
  vi.useFakeTimers();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
    removeItem: (key: string) => storage.delete(key),
  });
  vi.stubGlobal("navigator", { userAgent: "Browser/1" });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function engine(name = "a card", features = ["subgroups", "timestamp-query"]): Engine {
  const set = new Set<string>(features);
  const gpu = { adapter: { name }, device: { features: set }, has: (feature: string) => set.has(feature) };
  return { gpu } as unknown as Engine;
}

it("a choice comes back for the same adapter, browser and features, in any order", () => {
  saveTuning(engine(), kernels);
  expect(loadTuning(engine())).toEqual(kernels);
  expect(loadTuning(engine("a card", ["timestamp-query", "subgroups"]))).toEqual(kernels);
  expect(loadTuning(engine("another card"))).toBeUndefined();
});

it("an update of the browser, or a feature more, makes it anew, in the place of the old one", () => {
  const memory: TunedKernels = { one: "matvec", few: "matvec", many: "matmul", attention: "workgroup" };
  const plain = engine("a card", []);
  saveTuning(plain, memory);
  expect(loadTuning(plain)).toEqual(memory);
  expect(loadTuning(engine())).toBeUndefined();
  vi.stubGlobal("navigator", { userAgent: "Browser/2" });
  expect(loadTuning(plain)).toBeUndefined();
  saveTuning(engine(), kernels);
  expect(loadTuning(engine())).toEqual(kernels);
  expect(storage.size).toBe(1);
});

it("holds for thirty days, and not from a clock that was set back", () => {
  saveTuning(engine(), kernels);
  const start = Date.now();
  vi.setSystemTime(start + 30 * DAY_MS - 1);
  expect(loadTuning(engine())).toEqual(kernels);
  vi.setSystemTime(start + 30 * DAY_MS);
  expect(loadTuning(engine())).toBeUndefined();
  vi.setSystemTime(start - DAY_MS);
  expect(loadTuning(engine())).toBeUndefined();
});

it("is forgotten when asked", () => {
  saveTuning(engine(), kernels);
  forgetTuning(engine());
  expect(loadTuning(engine())).toBeUndefined();
});

it.each([
  ["no variant", { one: "constructor" }],
  ["a variant of another task", { one: "matmul" }],
  ["an attention that is none", { attention: "__proto__" }],
  ["nothing", { few: undefined }],
])("is not believed with %s in it", (_, wrong) => {
  saveTuning(engine(), { ...kernels, ...wrong } as TunedKernels);
  expect(loadTuning(engine())).toBeUndefined();
});

it("is not believed where the adapter cannot run it", () => {
  const none = engine("a card", []);
  saveTuning(none, kernels);
  expect(loadTuning(none)).toBeUndefined();
  saveTuning(none, { one: "matvec", few: "matvec", many: "matmul", attention: "quad" });
  expect(loadTuning(none)).toBeUndefined();
});

it.each(["{", "7", '"matvec"', "[]"])("is nothing where storage holds %j", (text) => {
  saveTuning(engine(), kernels);
  const [key] = storage.keys();
  storage.set(key!, text);
  expect(loadTuning(engine())).toBeUndefined();
});
