import { describe, expect, it } from "vitest";
import { clockStep, race } from "./race.ts";

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

/** Milliseconds of a GPU and its clock, which passes only as work is done and the clock is read. */
function simulate(
  { step, wait, jitter }: Browser,
  work: Record<string, number>,
  seed: number,
  hiccupAt = -1,
) {
  const next = random(seed);
  let elapsed = 1000 * next();
  let reads = 0;
  const now = () => {
    elapsed += 0.0005;
    return Math.floor(elapsed / step) * step;
  };
  const time = async (variant: string, times: number) => {
    const start = now();
    elapsed += work[variant]! * times + wait + jitter * next();
    if (reads++ === hiccupAt) elapsed += 40;
    return now() - start;
  };
  return { now, time, elapsed: () => elapsed };
}

// Milliseconds of one amount of work on adapters: measured on a software adapter and an H100, predicted for an M1.
const cards = {
  "an H100": [
    { matvecSubgroups: 0.0036, matvec: 0.0037, matmulRegister: 0.028 },
    { matvecSubgroups: 0.0069, matvec: 0.0073, matmulRegister: 0.0594, matmulQuad4Rows: 0.0519 },
    { matmul: 0.048, matmulRegister: 0.0763, matmulQuad: 1.6 },
    { workgroup: 0.0075, quad: 0.0141 },
  ],
  "an M1": [
    { matvecSubgroups: 0.04, matvec: 0.043, matmulRegister: 0.08 },
    { matvecSubgroups: 0.05, matvec: 0.055, matmulRegister: 0.2, matmulQuad4Rows: 0.2 },
    { matmul: 0.12, matmulRegister: 0.4, matmulQuad: 2 },
    { workgroup: 0.05, quad: 0.12 },
  ],
} as const;
const software: Record<string, number>[] = [
  { workgroup: 46, quad: 3.4 },
  { matmulRegister: 3.5, matmulQuad4Rows: 2.3 },
  { matmulRegister: 150, matmulQuad: 44 },
];
const RUNS = 300;

async function wrong(
  browser: Browser,
  work: Record<string, number>,
  options: { preferred?: string; right: (variant: string) => boolean; hiccups?: boolean },
) {
  let wrongs = 0;
  let longest = 0;
  for (let seed = 0; seed < RUNS; seed++) {
    const { now, time, elapsed } = simulate(browser, work, seed, options.hiccups ? seed % 12 : -1);
    const start = elapsed();
    const { variant } = await race(Object.keys(work).reverse(), time, { preferred: options.preferred, now });
    longest = Math.max(longest, elapsed() - start);
    if (!options.right(variant)) wrongs++;
  }
  return { wrongs, longest };
}

describe.each(Object.entries(browsers))("a clock of %s", (_, browser) => {
  it.each(Object.entries(cards))(
    "%s: the fastest, or one within a third of it, all tasks soon",
    async (_, tasks) => {
      const { step } = browser;
      let all = 0; // the longest of all runs, in milliseconds
      for (const work of tasks as readonly Record<string, number>[]) {
        const best = Math.min(...Object.values(work));
        const right = (variant: string) => work[variant]! <= 1.3 * best;
        const preferred = Object.keys(work)[0]!;
        const known = await wrong(browser, work, { preferred, right });
        expect(known.wrongs).toBeLessThan(RUNS / 100);
        const nameless = await wrong(browser, work, { right });
        expect(nameless.wrongs).toBeLessThan(RUNS / 100);
        all += Math.max(known.longest, nameless.longest);
      }

      expect(all).toBeLessThan(step < 1 ? 500 : 1100);
    },
  );

  it("is not misled by one hiccup", async () => {
    for (const work of [...Object.values(cards).flat(), ...software] as Record<string, number>[]) {
      const best = Math.min(...Object.values(work));
      const right = (variant: string) => work[variant]! <= 1.3 * best;
      expect((await wrong(browser, work, { right, hiccups: true })).wrongs).toBeLessThan(RUNS / 100);
    }
  });

  it("tells kernels of a software adapter apart", async () => {
    for (const work of software) {
      const [best] = Object.entries(work).sort(([, a], [, b]) => a - b)[0]!;
      expect((await wrong(browser, work, { right: (variant) => variant === best })).wrongs).toBe(0);
    }
  });
});

it("prunes what is far behind, after it was twice", async () => {
  const counts: Record<string, number> = {};
  const work: Record<string, number> = { slow: 100, fast: 4 };
  const { now, time } = simulate(browsers["0.1 ms, prompt"]!, work, 1);
  const counted = (variant: string, times: number) => {
    counts[variant] = (counts[variant] ?? 0) + 1;
    return time(variant, times);
  };
  expect(await race(["slow", "fast"], counted, { now })).toEqual({ variant: "fast", pruned: ["slow"] });
  expect(counts.slow).toBe(2);
});

it("prunes nothing by readings of zero, and prefers what was preferred where the clock tells nothing", async () => {
  const { now, time } = simulate({ step: 103, wait: 0.5, jitter: 0.1 }, { a: 0.00001, b: 0.00002 }, 3);
  expect(await race(["b", "a"], time, { now, preferred: "b" })).toEqual({ variant: "b", pruned: [] });
});

it("takes a rival that is faster by the margin, and none that is not", async () => {
  for (const [rival, expected] of [
    [0.7, "rival"],
    [0.9, "preferred"],
  ] as const) {
    const { now, time } = simulate(browsers["0.1 ms, prompt"]!, { rival, preferred: 1 }, 7);
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
