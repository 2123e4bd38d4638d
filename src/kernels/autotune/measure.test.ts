import { expect, it } from "vitest";
import { bestOfRounds } from "./measure.ts";

/** Answers with the times of a variant, one after the other. */
const clock = (times: Record<string, number[]>) => {
  const runs: string[] = [];
  const time = async (variant: string) => {
    runs.push(variant);
    return times[variant].shift()!;
  };
  return { runs, time };
};

it("counts the best of three rounds, and not the first, which may compile", async () => {
  const { time } = clock({ a: [1, 5, 4, 6], b: [90, 9, 3, 9] });
  expect(await bestOfRounds(["a", "b"], time)).toEqual([
    { variant: "b", ms: 3 },
    { variant: "a", ms: 4 },
  ]);
});

it("lets variants take turns, and times what is pruned once", async () => {
  const { runs, time } = clock({ a: [20, 13], b: [1, 4, 4, 4], c: [9, 12, 12, 12] });
  const times = await bestOfRounds(["a", "b", "c"], time);
  expect(times.map(({ variant }) => variant)).toEqual(["b", "c", "a"]);
  expect(runs.join("")).toBe("abc" + "abc" + "bc" + "bc");
});
