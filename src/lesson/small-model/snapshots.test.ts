import { expect, it } from "vitest";
import record from "../../../small-model/record.json";
import { addressOf, stepsAt } from "./files.ts";
import { lossCurve, seenTokens, snapshots } from "./record.ts";
import { FINISHED, SMALL_CONFIG, SMALL_SEED, smallModel, snapshotSteps, stepsIn } from "./snapshots.ts";

it("knows the snapshots that were recorded, and what was trained", () => {
  expect(snapshotSteps).toEqual(snapshots.map(({ step }) => step));
  expect(FINISHED).toBe(snapshotSteps.at(-1));
  expect(SMALL_CONFIG).toEqual(record.settings.model);
  expect(SMALL_SEED).toBe(record.settings.seed);
  expect(seenTokens.size).toBe(record.tokens_used);
});

it("names them, and reads the names", () => {
  expect(smallModel(500)).toBe("small:500");
  expect(smallModel(FINISHED)).toBe("small");
  for (const step of snapshotSteps) expect(stepsIn(smallModel(step))).toBe(step);
  expect(stepsIn(`small:${FINISHED}`)).toBe(FINISHED);
  for (const other of ["gpt2", "smaller", "seed:123", "./small/model.safetensors"])
    expect(stepsIn(other)).toBeUndefined();
});

it.each(["small:", "small:51", "small:0500", "small: 500", "small:5e2", "small:-50", "small:500\n"])(
  "refuses %j, and says what there is",
  (name) => {
    expect(() => stepsIn(name)).toThrow(/50, 200, 500.*and 12000 steps of training.*small:500/);
  },
);

it("has a file for each but the first, which is the seed's model", () => {
  for (const step of snapshotSteps.slice(1)) {
    expect(addressOf(step)).toContain(`small-${step}.`);
    expect(stepsAt(addressOf(step))).toBe(step);
  }
  expect(stepsAt("https://example.org/small-500.safetensors.gz")).toBeUndefined();
});

it("has a curve of losses in the order of steps, from the first snapshot to the last, each step once", () => {
  const steps = lossCurve.map(({ step }) => step);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  expect([steps[0], steps.at(-1)]).toEqual([0, FINISHED]);
  for (const step of snapshotSteps) expect(steps).toContain(step);
});
