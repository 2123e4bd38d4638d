import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Device } from "../../device/device.ts";
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

const device = (name = "a card", features = ["subgroups", "timestamp-query"]): Device =>
  ({ adapter: { name }, features: new Set(features) }) as unknown as Device;

it("a choice comes back for the same adapter, browser and features, in any order", () => {
  saveTuning(device(), kernels);
  expect(loadTuning(device())).toEqual(kernels);
  expect(loadTuning(device("a card", ["timestamp-query", "subgroups"]))).toEqual(kernels);
  expect(loadTuning(device("another card"))).toBeUndefined();
});

it("an update of the browser, or a feature more, makes it anew, in the place of the old one", () => {
  const memory: TunedKernels = { one: "matvec", few: "matvec", many: "matmul", attention: "workgroup" };
  const plain = device("a card", []);
  saveTuning(plain, memory);
  expect(loadTuning(plain)).toEqual(memory);
  expect(loadTuning(device())).toBeUndefined();
  vi.stubGlobal("navigator", { userAgent: "Browser/2" });
  expect(loadTuning(plain)).toBeUndefined();
  saveTuning(device(), kernels);
  expect(loadTuning(device())).toEqual(kernels);
  expect(storage.size).toBe(1);
});

it("holds for thirty days, and not from a clock that was set back", () => {
  saveTuning(device(), kernels);
  const start = Date.now();
  vi.setSystemTime(start + 30 * DAY_MS - 1);
  expect(loadTuning(device())).toEqual(kernels);
  vi.setSystemTime(start + 30 * DAY_MS);
  expect(loadTuning(device())).toBeUndefined();
  vi.setSystemTime(start - DAY_MS);
  expect(loadTuning(device())).toBeUndefined();
});

it("is forgotten when asked", () => {
  saveTuning(device(), kernels);
  forgetTuning(device());
  expect(loadTuning(device())).toBeUndefined();
});

it.each([
  ["no variant", { one: "constructor" }],
  ["a variant of another task", { one: "matmul" }],
  ["an attention that is none", { attention: "__proto__" }],
  ["nothing", { few: undefined }],
])("is not believed with %s in it", (_, wrong) => {
  saveTuning(device(), { ...kernels, ...wrong } as TunedKernels);
  expect(loadTuning(device())).toBeUndefined();
});

it("is not believed where the adapter cannot run it", () => {
  const none = device("a card", []);
  saveTuning(none, kernels);
  expect(loadTuning(none)).toBeUndefined();
  saveTuning(none, { one: "matvec", few: "matvec", many: "matmul", attention: "quad" });
  expect(loadTuning(none)).toBeUndefined();
});

it.each(["{", "7", '"matvec"', "[]"])("is nothing where storage holds %j", (text) => {
  saveTuning(device(), kernels);
  const [key] = storage.keys();
  storage.set(key!, text);
  expect(loadTuning(device())).toBeUndefined();
});
