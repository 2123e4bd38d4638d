import { expect, it } from "vitest";
import { NextTokenError } from "../next-token-error.ts";
import { announcement } from "./announcement.ts";
import { nothingGenerated, type SessionState } from "./session-state.ts";

const idle: SessionState = { activity: "idle", progress: undefined, adapter: undefined, ...nothingGenerated };
const step = {
  ids: [7],
  top: [
    [
      { id: 9, logit: 2, probability: 0.2 },
      { id: 7, logit: 1, probability: 0.1 },
    ],
  ],
  contextStart: 0,
  milliseconds: 5,
  isFirstOfRun: true,
};
const stepped = { ...idle, start: [1], steps: [step], target: 3 };

it.each([
  ["", idle],
  ["Building the model.", { ...idle, activity: "building" }],
  ["Generating.", { ...stepped, activity: "generating" }],
  ["Stopping after this token.", { ...stepped, activity: "stopping" }],
  ["Token 1 of 3: <7>, probability 10.0 %.", stepped],
  ["Finished: Hi you", { ...stepped, text: "Hi you" }],
  ["Stopped.", { ...stepped, failure: new NextTokenError("device-lost", "Gone.") }],
] satisfies [string, SessionState][])("%s", (sentence, state) => {
  expect(announcement(state, (id) => `<${id}>`)).toBe(sentence);
});
