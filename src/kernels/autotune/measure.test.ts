import { expect, it } from "vitest";
import { race } from "./measure.ts";

/** Answers with the times of a shape, one after the other. */
const clock = (times: Record<string, number[]>) => {
  const runs: string[] = [];
  const time = async (shape: string) => {
    runs.push(shape);
    return times[shape].shift()!;
  };
  return { runs, time };
};

it("counts the best of three rounds, and not the first, which may compile", async () => {
  const { time } = clock({ a: [1, 5, 4, 6], b: [90, 9, 3, 9] });
  expect(await race(["a", "b"], time)).toEqual([
    { shape: "b", ms: 3 },
    { shape: "a", ms: 4 },
  ]);
});

it("lets shapes take turns, and times what is hopeless once", async () => {
  const { runs, time } = clock({ a: [20, 13], b: [1, 4, 4, 4], c: [9, 12, 12, 12] });
  const times = await race(["a", "b", "c"], time);
  expect(times.map(({ shape }) => shape)).toEqual(["b", "c", "a"]);
  expect(runs.join("")).toBe("abc" + "abc" + "bc" + "bc");
});
