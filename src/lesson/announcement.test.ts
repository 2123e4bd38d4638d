import { expect, it } from "vitest";
import { NextTokenError } from "../errors.ts";
import { announcement } from "./announcement.ts";
import type { Station } from "./playhead.ts";
import { initialState, type RecordedStep, type SessionState } from "./session-state.ts";

const step: RecordedStep = {
  ids: [7],
  top: [[{ id: 7, logit: 1, probability: 0.1 }]],
  chosen: [{ id: 7, logit: 1, probability: 0.1 }],
  sampling: undefined,
  logits: [{ min: -2, max: 1, bins: [], entropy: 3.456, logSumExp: 2 }],
  contextStart: 0,
  computed: 2,
  milliseconds: 5,
  isFirstOfRun: true,
};
const stepped: SessionState = {
  ...initialState,
  start: [[1, 5]],
  steps: [step],
  at: { step: 0, station: 7 },
  target: 3,
};
const at = (station: Station): SessionState => ({ ...stepped, at: { step: 0, station } });
const drawn: SessionState = {
  ...at(4),
  steps: [{ ...step, sampling: { temperature: 1, seed: 5 } }], // the likeliest may be drawn, too
};
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
  ["Station 1 of 7, input ids: 2 tokens in each row.", { ...at(1), steps: [] }],
  ["Station 2 of 7, logits: from −2.0000 to 1.0000.", at(2)],
  ["Station 3 of 7, softmax: an entropy of 3.46 bits.", at(3)],
  ["Station 4 of 7, argmax: <7>, id 7.", at(4)],
  ["Station 4 of 7, drawn: <7>, id 7.", drawn],
  ["Station 5 of 7, decode: <7>.", at(5)],
  ["Station 6 of 7, append: 3 tokens in each row.", at(6)],
  ["Token 1 of 3: <7>, probability 10.0 %.", stepped],
  ["Finished: Hi you", { ...stepped, texts: ["Hi you"] }],
  ["Looked inside.", { ...stepped, inspectionSummary: "Looked inside." }],
  ["Finished: row 0: Hi · row 1: Yo", { ...stepped, texts: ["Hi", "Yo"] }],
  ["Stopped.", { ...stepped, failure: new NextTokenError("device-lost", "Gone.") }],
] satisfies [string, SessionState][])("%s", (sentence, state) => {
  expect(announcement(state, (id) => `<${id}>`)).toBe(sentence);
});
