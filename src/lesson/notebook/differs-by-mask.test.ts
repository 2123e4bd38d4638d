import { expect, it } from "vitest";
import type { RecordedStep } from "../session-state.ts";
import { defaultSettings } from "../settings.ts";
import { differsByMask } from "./differs-by-mask.ts";

const steps = (count: number) => ({ steps: Array<RecordedStep>(count).fill({} as RecordedStep) });
const prompt = ["Hello, I am"];

it("is told from the second token on, where the mask alone makes the difference", () => {
  expect(differsByMask(defaultSettings, prompt, steps(2))).toBe(true);
  expect(differsByMask(defaultSettings, prompt, steps(1))).toBe(false);
});

it.each([
  ["without the mask", { mask: "none" as const }, prompt],
  ["with other weights", { model: "seed:124" }, prompt],
  ["where tokens are drawn", { sampling: { temperature: 1, seed: 1 } }, prompt],
  ["where the prompt is cropped", { contextSize: 3 }, prompt],
  ["after another prompt", {}, ["Hello, I was"]],
  ["in a batch", {}, [...prompt, "Every day holds a"]],
])("is not told %s", (_, change, prompts) => {
  expect(differsByMask({ ...defaultSettings, ...change }, prompts, steps(5))).toBe(false);
});
