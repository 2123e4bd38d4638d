import { expect, it } from "vitest";
import { appendedAt, following, isReached, needsResult, type Playhead, preceding } from "./playhead.ts";

it("walks seven stations a step, and back to before the first", () => {
  const walked: (Playhead | undefined)[] = [undefined];
  for (let i = 0; i < 15; i++) walked.push(following(walked.at(-1)));
  expect(walked.slice(1).map((at) => at!.station)).toEqual([1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7, 1]);
  expect(walked.at(-1)).toEqual({ step: 2, station: 1 });
  for (let i = 15; i > 0; i--) expect(preceding(walked[i]!)).toEqual(walked[i - 1]);
});

it("has appended a step's token from the sixth station on, and needs its logits from the second", () => {
  const stations = [1, 2, 3, 4, 5, 6, 7] as const;
  expect(appendedAt(undefined)).toBe(0);
  expect(stations.map((station) => appendedAt({ step: 3, station }))).toEqual([3, 3, 3, 3, 3, 4, 4]);
  expect(stations.map((station) => needsResult({ step: 3, station }))).toEqual([
    false,
    ...Array<boolean>(6).fill(true),
  ]);
});

it("has reached what it stands at and what lies behind it", () => {
  const at: Playhead = { step: 2, station: 4 };
  expect(isReached({ step: 2, station: 4 }, at)).toBe(true);
  expect(isReached({ step: 1, station: 7 }, at)).toBe(true);
  expect(isReached({ step: 2, station: 5 }, at)).toBe(false);
  expect(isReached({ step: 3, station: 1 }, at)).toBe(false);
  expect(isReached({ step: 0, station: 1 }, undefined)).toBe(false);
});
