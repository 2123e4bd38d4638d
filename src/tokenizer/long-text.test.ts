import { describe, expect, test } from "vitest";
import { loadTokenizer, MAX_CHARACTERS } from "./tokenizer.ts";

const tokenizer = await loadTokenizer();

const fill = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
const prose = "The students' notebooks weren't open yet; at 9:30, they would be. ";
const chinese = "学生们还没有打开他们的笔记本，九点半的时候才会打开。";

/** What `run` costs by the processor's clock, which others on the machine do not slow down, in milliseconds. */
function cost(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

// A full collection of garbage may fall into one run, but hardly into three.
const timed = { retry: 2, timeout: 60_000 };

describe("a million characters take about a second at the most", timed, () => {
  test.each([
    ["x", "x", 1000],
    ["equals signs", "=", 1500],
    ["spaces", " ", 1000],
    ["digits", "31415926", 1000],
    ["prose", prose, 1000],
    ["Chinese", chinese, 2000],
    ["Chinese without a break", "学生们打开笔记本", 2000],
    ["emoji", "😀", 1500],
    ["pieces of one character", "a1", 1500],
  ])("%s", (_, unit, limit) => {
    const text = fill(unit, 1_000_000);
    let ids: number[] = [];
    expect(cost(() => (ids = tokenizer.encode(text)))).toBeLessThan(limit);
    expect(tokenizer.decode(ids)).toBe(text);
  });
});

test("the time of a run grows no faster than its length times its logarithm", timed, () => {
  const [short, long] = [100_000, 800_000].map((length) => cost(() => tokenizer.encode(fill("x", length))));
  expect(long! / short!).toBeLessThan(24);
});

/** What each step of encoding `text` costs, in milliseconds. */
function stepCosts(text: string): number[] {
  const steps = tokenizer.encodeInSteps(text);
  const costs: number[] = [];
  let done: boolean | undefined = false;
  while (!done) costs.push(cost(() => ({ done } = steps.next())));
  return costs;
}

/** From here on a browser calls a task long. A step that enlarges the list of a million ids takes half of it. */
const LONG_TASK_MS = 50;

test("no step is a long task, whatever the text", { timeout: 60_000 }, () => {
  for (const unit of ["x", "学", "a1", prose]) {
    const text = fill(unit, 300_000);
    // The same text is cut into the same steps: the least of three runs is what a step costs without the collector.
    const runs = [stepCosts(text), stepCosts(text), stepCosts(text)];
    const costs = runs[0]!.map((_, index) => Math.min(...runs.map((run) => run[index]!)));
    expect(Math.max(...costs)).toBeLessThan(LONG_TASK_MS);
  }
});

test("steps yield the share that is done, and at the end the ids", () => {
  const text = `${fill(prose, 50_000)}${fill("x", 50_000)}`;
  const shares = [...tokenizer.encodeInSteps(text)];
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(0)).toBeGreaterThanOrEqual(0);
  expect(shares.at(-1)).toBeLessThanOrEqual(1);
  expect(shares.filter((share) => share > 0.45 && share < 0.55)).not.toEqual([]);
});

test("what does not fit into memory is refused at once", timed, () => {
  const refusal = expect.objectContaining({
    code: "text-too-long",
    message: expect.stringMatching(/100,000,000 characters.*at most 10,000,000/),
  });
  const text = fill("x", 10 * MAX_CHARACTERS);
  expect(cost(() => expect(() => tokenizer.encode(text)).toThrow(refusal))).toBeLessThan(100);
});
