import { expect, it } from "vitest";
import { iterationAt, previewOf } from "./iteration.ts";
import type { Station } from "./playhead.ts";
import { initialState, type RecordedStep, type SessionState } from "./session-state.ts";

const step = (first: number, second: number, sampling?: RecordedStep["sampling"]): RecordedStep => ({
  ids: [first, second],
  top: [[{ id: first, logit: 1, probability: 0.5 }], [{ id: second, logit: 2, probability: 0.6 }]],
  chosen: [
    { id: first, logit: 1, probability: 0.5 },
    { id: second, logit: 2, probability: 0.6 },
  ],
  sampling,
  logits: [first, second].map((max) => ({ min: 0, max, bins: [], entropy: 1, logSumExp: 1 })),
  contextStart: 1,
  computed: 1,
  milliseconds: 3,
  isFirstOfRun: false,
  ranWith: { kvCache: true, contextSize: 1024, ablate: [] },
});
const state = (at: { step: number; station: Station }): SessionState => ({
  ...initialState,
  start: [
    [1, 2],
    [3, 4],
  ],
  steps: [step(5, 6), step(7, 8)],
  target: 4,
  at,
});

it("is the row's own part of the step at the playhead", () => {
  const iteration = iterationAt(state({ step: 1, station: 4 }), 1, 1024)!;
  expect(iteration).toMatchObject({ station: 4, step: 1, target: 4, batch: 2, ids: [3, 4, 6], dropped: 1 });
  expect(iteration.result).toMatchObject({
    chosen: { id: 8 },
    top: [{ id: 8 }],
    logits: { max: 8 },
    computed: 1,
  });
});

it("knows no result at the input ids, and crops by the context size asked for", () => {
  expect(iterationAt(state({ step: 1, station: 1 }), 0, 2)).toMatchObject({
    ids: [1, 2, 5],
    dropped: 1,
    isRecorded: true,
    result: undefined,
  });
  expect(iterationAt(state({ step: 2, station: 1 }), 0, 3)).toMatchObject({
    ids: [1, 2, 5, 7],
    dropped: 1,
    isRecorded: false,
  });
});

it("knows how its token was chosen, whatever is switched now", () => {
  const steps = [step(5, 6, { temperature: 1, seed: 5 }), step(7, 8)];
  const drawn = [0, 1, 2].map(
    (at) => iterationAt({ ...state({ step: at, station: 1 }), steps }, 0, 1024)!.sampling?.seed,
  );
  expect(drawn).toEqual([5, undefined, undefined]);
});

it("is none before the first", () => {
  expect(iterationAt(initialState, 0, 4)).toBeUndefined();
});

it("of a preview it knows each row, and nothing of one that came since", () => {
  const preview = { idx: [[1], [3]], step: step(5, 6), isSettled: false };
  const chosen = [0, 1, 2].map((row) => previewOf({ ...initialState, preview }, row)?.chosen.id);
  expect(chosen).toEqual([5, 6, undefined]);
  expect(previewOf(initialState, 0)).toBeUndefined();
});
