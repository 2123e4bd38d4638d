import { describe, expect, it } from "vitest";
import { clockStep, type RaceOptions, race } from "./race.ts";

/** Random numbers of [0, 1) that are the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Browser {
  /** What its clock is rounded to, in milliseconds. */
  step: number;
  /** From the end of the work to the answer, in milliseconds; the work's own time takes up to `jitter` longer. */
  wait: number;
  jitter: number;
}

const browsers: Record<string, Browser> = {
  "0.1 ms, prompt": { step: 0.1, wait: 0.45, jitter: 0.1 },
  "0.1 ms, busy": { step: 0.1, wait: 0.45, jitter: 0.5 },
  "1 ms, prompt": { step: 1, wait: 0.5, jitter: 0.3 },
  "1 ms, nudged to look": { step: 1, wait: 1, jitter: 1.5 },
};

/** Milliseconds that each variant takes for the work, and for 28 times the work where no cache helps. */
interface Task {
  work: Record<string, number>;
  beyondCache?: Record<string, number>;
}

const COPIES = 28;

/** Milliseconds of a GPU and its clock, which passes only as work is done and the clock is read. */
function simulate({ step, wait, jitter }: Browser, task: Task, seed: number, hiccupAt = -1) {
  const next = random(seed);
  let elapsed = 1000 * next();
  let reads = 0;
  const now = () => {
    elapsed += 0.0005;
    return Math.floor(elapsed / step) * step;
  };
  const timer = (work: Record<string, number>) => async (variant: string, times: number) => {
    const start = now();
    elapsed += work[variant]! * times + wait + jitter * next();
    if (reads++ === hiccupAt) elapsed += 40;
    return now() - start;
  };
  const opened: string[] = []; // variants whose work was opened beyond the cache
  const beyondCache: RaceOptions<string>["beyondCache"] = task.beyondCache && {
    times: COPIES,
    open: async (variants) => {
      opened.push(...variants);
      return timer(task.beyondCache!);
    },
  };
  return { now, time: timer(task.work), beyondCache, opened, elapsed: () => elapsed };
}

// Measured on a software adapter and, of the work itself, on an H100; the rest is predicted.
const cards: Record<string, Task[]> = {
  "an H100": [
    {
      work: { matvecSubgroups: 0.0036, matvec: 0.0037, matmulRegister: 0.028 },
      beyondCache: { matvecSubgroups: 0.13, matvec: 0.13, matmulRegister: 0.8 },
    },
    { work: { matmul: 0.048, matmulRegister: 0.0763, matmulQuad: 1.6 } },
    { work: { workgroup: 0.0075, quad: 0.0141 } },
  ],
  "an M1": [
    {
      work: { matvecSubgroups: 0.04, matvec: 0.043, matmulRegister: 0.08 },
      beyondCache: { matvecSubgroups: 1.15, matvec: 1.2, matmulRegister: 2.3 },
    },
    { work: { matmul: 0.12, matmulRegister: 0.4, matmulQuad: 2 } },
    { work: { workgroup: 0.05, quad: 0.12 } },
  ],
};
const software: Task[] = [
  { work: { workgroup: 46, quad: 3.4 } },
  { work: { matmulRegister: 3.5, matmulQuad4Rows: 2.3 } },
  { work: { matmulRegister: 150, matmulQuad: 44 } },
];
const RUNS = 300;

async function wrong(
  browser: Browser,
  task: Task,
  options: { preferred?: string | undefined; right: (variant: string) => boolean; hiccups?: boolean },
) {
  let wrongs = 0;
  const lengths: number[] = [];
  for (let seed = 0; seed < RUNS; seed++) {
    const { elapsed, time, ...simulated } = simulate(browser, task, seed, options.hiccups ? seed % 12 : -1);
    const start = elapsed();
    const variants = Object.keys(task.work).reverse();
    const { variant } = await race(variants, time, { preferred: options.preferred, ...simulated });
    lengths.push(elapsed() - start);
    if (!options.right(variant)) wrongs++;
  }
  return { wrongs, lengths };
}

/** Whether a variant is the fastest of a task, or within a third of it. */
function isRight({ work, beyondCache = work }: Task): (variant: string) => boolean {
  const best = Math.min(...Object.values(beyondCache));
  return (variant) => beyondCache[variant]! <= 1.3 * best;
}

describe.each(Object.entries(browsers))("a clock of %s", (_, browser) => {
  it.each(Object.entries(cards))(
    "%s: the fastest, or one within a third of it, all tasks in half a second",
    async (_, tasks) => {
      for (const preferred of [true, false]) {
        const all = new Float64Array(RUNS); // milliseconds of all tasks of a visit
        for (const task of tasks) {
          const options = { preferred: preferred ? Object.keys(task.work)[0]! : undefined };
          const { wrongs, lengths } = await wrong(browser, task, { ...options, right: isRight(task) });
          expect(wrongs).toBeLessThan(RUNS / 100);
          for (const [i, length] of lengths.entries()) all[i]! += length;
        }
        expect(Math.max(...all)).toBeLessThan(500);
      }
    },
  );

  it("is not misled by one hiccup", async () => {
    for (const task of [...Object.values(cards).flat(), ...software])
      expect((await wrong(browser, task, { right: isRight(task), hiccups: true })).wrongs).toBeLessThan(
        RUNS / 100,
      );
  });

  it("tells kernels of a software adapter apart", async () => {
    for (const task of software) {
      const [best] = Object.entries(task.work).sort(([, a], [, b]) => a - b)[0]!;
      expect((await wrong(browser, task, { right: (variant) => variant === best })).wrongs).toBe(0);
    }
  });
});

describe("weights that no cache holds", () => {
  const browser = browsers["0.1 ms, prompt"]!;

  it("decide among those that are not five times behind", async () => {
    const task: Task = {
      work: { cached: 0.05, streaming: 0.07, hopeless: 0.6 },
      beyondCache: { cached: 3, streaming: 1.5, hopeless: 1 },
    };
    const { time, opened, ...simulated } = simulate(browser, task, 1);
    const { variant, pruned } = await race(Object.keys(task.work), time, simulated);
    expect([variant, pruned, opened]).toEqual(["streaming", ["hopeless"], ["cached", "streaming"]]);
  });

  it("are not missed where there is no room for them", async () => {
    const { time, ...simulated } = simulate(browser, { work: { one: 0.05, other: 0.08 } }, 1);
    const open = async () => undefined;
    const beyondCache = { times: COPIES, open };
    expect((await race(["other", "one"], time, { ...simulated, beyondCache })).variant).toBe("one");
  });

  it("are not read where reading them would take long, or where one variant is left", async () => {
    for (const work of [
      { one: 0.5, other: 0.7 },
      { one: 0.05, other: 1 },
    ]) {
      const { time, opened, ...simulated } = simulate(browser, { work, beyondCache: {} }, 1);
      expect((await race(Object.keys(work), time, simulated)).variant).toBe("one");
      expect(opened).toEqual([]);
    }
  });
});

it("prunes what is far behind, after it was twice", async () => {
  const counts: Record<string, number> = {};
  const { now, time } = simulate(browsers["0.1 ms, prompt"]!, { work: { slow: 100, fast: 4 } }, 1);
  const counted = (variant: string, times: number) => {
    counts[variant] = (counts[variant] ?? 0) + 1;
    return time(variant, times);
  };
  expect(await race(["slow", "fast"], counted, { now })).toEqual({ variant: "fast", pruned: ["slow"] });
  expect(counts.slow).toBe(2);
});

it("prunes nothing by readings of zero, and prefers what was preferred where the clock tells nothing", async () => {
  const { now, time } = simulate(
    { step: 103, wait: 0.5, jitter: 0.1 },
    { work: { a: 0.00001, b: 0.00002 } },
    3,
  );
  expect(await race(["b", "a"], time, { now, preferred: "b" })).toEqual({ variant: "b", pruned: [] });
});

it("takes a rival that is faster by the margin, and none that is not", async () => {
  for (const [rival, expected] of [
    [0.7, "rival"],
    [0.9, "preferred"],
  ] as const) {
    const { now, time } = simulate(browsers["0.1 ms, prompt"]!, { work: { rival, preferred: 1 } }, 7);
    expect((await race(["rival", "preferred"], time, { now, preferred: "preferred" })).variant).toBe(
      expected,
    );
  }
});

it("asks the clock for its step", () => {
  for (const step of [0.1, 1]) {
    let elapsed = 0;
    const now = () => {
      elapsed += 0.03;
      return Math.floor(elapsed / step) * step;
    };
    expect(clockStep(now)).toBeCloseTo(step, 6);
  }
});
