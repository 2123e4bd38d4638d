import { expect, it } from "vitest";
import type { LoadedModel } from "../backend.ts";
import type { Session } from "../session.ts";
import { SMALL_CONFIG } from "./snapshots.ts";
import { Training } from "./training.ts";

/** A lesson whose run of two tokens is over, made with a context of 64 and all heads. */
const lesson = (change: { ablate?: number[][]; sampling?: object } = {}) =>
  ({
    settings: { model: "small", mask: "causal", device: "auto", maxNewTokens: 2, sampling: change.sampling },
    ablate: change.ablate ?? [],
    contextSize: 64,
    config: SMALL_CONFIG,
    prompts: {},
    state: {
      start: [Array.from({ length: 100 }, (_, i) => i)],
      texts: ["over"],
      steps: [5, 6].map((id) => ({ ids: [id], ranWith: { contextSize: 1024, kvCache: true, ablate: [] } })),
    },
  }) as unknown as Session<LoadedModel>;

const open = () => new Training({} as ConstructorParameters<typeof Training>[0], () => {});

it("keeps the text of a run that is over", () => {
  const training = open();
  training.follow(lesson(), 12000);
  expect([...training.texts.ids]).toEqual([[12000, [[5, 6]]]]);
});

it.each([{ ablate: [[2, 1]] }, { sampling: { temperature: 1 } }])(
  "keeps none for what was switched after the run: %j",
  (change) => {
    const training = open();
    training.follow(lesson(), 12000);
    training.follow(lesson(change), 12000);
    expect(training.texts.ids.size).toBe(0);
  },
);
