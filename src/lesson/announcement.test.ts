import { expect, it } from "vitest";
import { NextTokenError } from "../errors.ts";
import { tokenizer } from "../test/fake-backend.ts";
import { announcement } from "./announcement.ts";
import type { Station } from "./playhead.ts";
import { initialState, type RecordedStep, type SessionState } from "./session-state.ts";

const step: RecordedStep = {
  ids: [7],
  top: [
    [
      { id: 7, logit: 1, probability: 0.1 },
      { id: 9, logit: 0.9, probability: 0.08 },
    ],
  ],
  chosen: [{ id: 7, logit: 1, probability: 0.1 }],
  sampling: undefined,
  logits: [{ min: -2, max: 1, bins: [300, 100], entropy: 3.456, logSumExp: 2 }],
  contextStart: 0,
  computed: 2,
  milliseconds: 5,
  isFirstOfRun: true,
  ranWith: { kvCache: true, contextSize: 1024, ablate: [] },
};
const stepped: SessionState = {
  ...initialState,
  start: [[1, 5]],
  steps: [step],
  at: { step: 0, station: 7 },
  target: 3,
};
const at = (station: Station): SessionState => ({ ...stepped, at: { step: 0, station } });
const draw = {
  id: 7,
  uniform: 0.5,
  from: 0.25,
  to: 1,
  kept: 2,
  min_val: 0.9,
  logSumExp: 3,
  entropy: 1,
  rank: 0,
};
const drawn: SessionState = {
  ...stepped,
  steps: [{ ...step, sampling: { temperature: 0.2, topK: 2, seed: 5 }, draws: [draw] }],
};
const previewed: SessionState = {
  ...initialState,
  preview: { idx: [[1, 5]], step, isSettled: true },
};
const reader = { tokenizer, visible: (id: number) => `<${id}>` };
const inPhase = (phase: string) => ({ phase, loaded: 1, total: 2 });

it.each([
  ["", initialState],
  ["Building the model.", { ...initialState, activity: "building" }],
  ["Building the model.", { ...initialState, activity: "building", progress: inPhase("weights") }],
  ["Loading the model.", { ...initialState, activity: "building", progress: inPhase("download") }],
  ["Loading the model.", { ...initialState, activity: "building", progress: inPhase("retry") }],
  ["Loading the model.", { ...initialState, activity: "building", progress: inPhase("other-tab") }],
  ["Loading the model.", { ...initialState, activity: "building", progress: inPhase("cache") }],
  ["Loading the model.", { ...initialState, activity: "building", progress: inPhase("file") }],
  ["Generating.", { ...stepped, activity: "generating" }],
  ["Stopping.", { ...stepped, activity: "stopping" }],
  ["Waiting for the GPU.", { ...stepped, activity: "recovering", notice: "Again in 2 s." }],
  ["Step 1 of 7, Input to the model: The model reads all 2 tokens.", { ...at(1), steps: [] }],
  [
    "Step 2 of 7, Model output: Row p of the logits scores what may follow token p. " +
      "The last row, 1, scores what may follow <5>: from −2.0000 to 1.0000.",
    at(2),
  ],
  [
    "Step 3 of 7, Softmax conversion: Only the last row is used: e to its largest logit, 1.0000, over the sum of " +
      "e to all 400 is 10.0 %, for <7>; an even guess is 0.250 %.",
    at(3),
  ],
  [
    "Step 4 of 7, Selecting the next token: Index 7 has the largest probability, 1.25 times that of the second, <9>.",
    at(4),
  ],
  ["Step 5 of 7, Decoding the token: Entry 7 of the vocabulary is <7>: no space stands before it.", at(5)],
  ["Step 6 of 7, Updating the input: idx grew from [1, 2] to [1, 3].", at(6)],
  [
    "Token 1 of 3: <7>, probability 10.0 %. Iteration 1 of 3 is over. The next one reads all 3 tokens.",
    stepped,
  ],
  [
    "Token 1 of 3: <7>, probability 75.0 %. Iteration 1 of 3 is over. The next one reads all 3 tokens.",
    drawn,
  ],
  ["Generating.", { ...at(4), activity: "generating", pace: 800 }],
  [
    "Step 6 of 7, Updating the input: idx grew from [1, 2] to [1, 3].",
    { ...at(6), activity: "generating", pace: 4000 },
  ],
  ["Finished: Hi you", { ...stepped, texts: ["Hi you"] }],
  ["Looked inside.", { ...stepped, inspectionSummary: "Looked inside." }],
  ["Finished: row 0: Hi · row 1: Yo", { ...stepped, texts: ["Hi", "Yo"] }],
  ["Stopped.", { ...stepped, failure: new NextTokenError("device-lost", "Gone.") }],
] satisfies [string, SessionState][])("%s", (sentence, state) => {
  expect(announcement(state, 1024, reader)).toBe(sentence);
});

it("says what would come next once nobody types, and not before, nor while something goes on", () => {
  const said = (change: Partial<SessionState>) => announcement({ ...previewed, ...change }, 1024, reader);
  expect(said({})).toBe("Likeliest next: <7>, probability 10.0 %. Nothing is appended yet.");
  expect(said({ preview: { ...previewed.preview!, isSettled: false } })).toBe("");
  expect(said({ activity: "generating" })).toBe("Generating.");
  expect(said({ inspectionSummary: "Looked inside." })).toBe("Looked inside.");
  expect(announcement(previewed, 1024, undefined)).toBe("");
});
