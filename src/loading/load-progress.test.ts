import { expect, it, vi } from "vitest";
import { LoadProgress } from "./load-progress.ts";

it("everyone hears progress, with its pace once there is one", () => {
  vi.useFakeTimers();
  const audience = new LoadProgress();
  const [first, second] = [vi.fn(), vi.fn()];
  const leave = audience.subscribe({ onProgress: first });
  audience.subscribe({ onProgress: second });
  audience.progress({ phase: "download", loaded: 0, total: 300 });
  expect(first).toHaveBeenLastCalledWith({
    phase: "download",
    loaded: 0,
    total: 300,
    bytesPerSecond: undefined,
    secondsLeft: undefined,
  });
  vi.advanceTimersByTime(1000);
  audience.progress({ phase: "download", loaded: 100, total: 300 });
  expect(second).toHaveBeenLastCalledWith(expect.objectContaining({ bytesPerSecond: 100, secondsLeft: 2 }));
  leave();
  audience.progress({ phase: "download", loaded: 200, total: 300 });
  expect(first).toHaveBeenCalledTimes(2);
  expect(second).toHaveBeenCalledTimes(3);
  vi.useRealTimers();
});

it("a latecomer hears what was noted before", () => {
  const audience = new LoadProgress();
  const [early, late] = [vi.fn(), vi.fn()];
  audience.subscribe({ onNote: early });
  audience.note("There is no room.");
  audience.subscribe({ onNote: late });
  audience.note("12 heads are assumed.");
  for (const heard of [early, late])
    expect(heard.mock.calls.map(([note]) => note)).toEqual(["There is no room.", "12 heads are assumed."]);
});

it("what is noted twice is heard once", () => {
  const audience = new LoadProgress();
  const heard = vi.fn();
  audience.subscribe({ onNote: heard });
  for (const note of ["There is no room.", "12 heads are assumed.", "There is no room."]) audience.note(note);
  expect(heard.mock.calls.map(([note]) => note)).toEqual(["There is no room.", "12 heads are assumed."]);
  expect(audience.notes).toHaveLength(2);
});

it("a listener that throws is reported, and keeps neither the load nor the others from going on", () => {
  const report = vi.fn();
  vi.stubGlobal("reportError", report);
  const audience = new LoadProgress();
  audience.note("There is no room.");
  const broken = new Error("broken");
  const throws = () => {
    throw broken;
  };
  const heard = vi.fn();
  const leave = audience.subscribe({ onProgress: throws, onNote: throws });
  audience.subscribe({ onProgress: heard, onNote: heard });
  audience.note("12 heads are assumed.");
  audience.progress({ phase: "cache", loaded: 1, total: 2 });
  expect(heard).toHaveBeenCalledTimes(3);
  expect(report.mock.calls).toEqual([[broken], [broken], [broken]]);
  leave();
  audience.progress({ phase: "cache", loaded: 2, total: 2 });
  expect(report).toHaveBeenCalledTimes(3);
  vi.unstubAllGlobals();
});

it("where nothing takes reports, it is written to the console", () => {
  vi.stubGlobal("reportError", undefined);
  const write = vi.spyOn(console, "error").mockImplementation(() => {});
  const audience = new LoadProgress();
  const broken = new Error("broken");
  audience.subscribe({
    onNote: () => {
      throw broken;
    },
  });
  audience.note("There is no room.");
  expect(write).toHaveBeenCalledWith(broken);
  write.mockRestore();
  vi.unstubAllGlobals();
});

it("one function that two models gave is heard by both until each has left", () => {
  const audience = new LoadProgress();
  const heard = vi.fn();
  const leave = audience.subscribe({ onProgress: heard });
  audience.subscribe({ onProgress: heard });
  leave();
  audience.progress({ phase: "cache", loaded: 1, total: 2 });
  expect(heard).toHaveBeenCalledTimes(1);
});
