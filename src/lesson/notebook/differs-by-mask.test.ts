import { expect, it } from "vitest";
import { differsByMask } from "./differs-by-mask.ts";

const model = { model: "seed:123", mask: "causal" as const };
const prompt = ["Hello, I am"];
const ranWith = { kvCache: true, contextSize: 1024, ablate: [] };
const greedy = { sampling: undefined, contextStart: 0, ranWith };
const drawn = { ...greedy, sampling: { temperature: 1, seed: 1 } };
const cropped = { ...greedy, contextStart: 1 };
const headless = { ...greedy, ranWith: { ...ranWith, ablate: [[0, 3] as const] } };

it("is told from the second token on, where the mask alone makes the difference", () => {
  expect(differsByMask(model, prompt, [greedy, greedy])).toBe(true);
  expect(differsByMask(model, prompt, [greedy, greedy, drawn, cropped])).toBe(true);
  expect(differsByMask(model, prompt, [greedy])).toBe(false);
});

it.each([
  ["without the mask", { mask: "none" as const }, prompt, [greedy, greedy]],
  ["with other weights", { model: "seed:124" }, prompt, [greedy, greedy]],
  ["of another configuration", { model: "seed:123#n_layers=4" }, prompt, [greedy, greedy]],
  ["where one of both was drawn", {}, prompt, [greedy, drawn]],
  ["where the model read less", {}, prompt, [greedy, cropped]],
  ["where a head was away", {}, prompt, [greedy, headless]],
  ["after another prompt", {}, ["Hello, I was"], [greedy, greedy]],
  ["in a batch", {}, [...prompt, "Every day holds a"], [greedy, greedy]],
])("is not told %s", (_, change, prompts, steps) => {
  expect(differsByMask({ ...model, ...change }, prompts, steps)).toBe(false);
});
