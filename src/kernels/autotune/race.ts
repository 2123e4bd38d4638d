/** Rounds in which variants take turns, so that a machine that slows down does so for all of them. */
const ROUNDS = 3;
/** A variant is pruned when it takes this many times as long as the best, and so much longer in milliseconds, twice. */
const PRUNE_FACTOR = 3;
const PRUNE_MS = 5;
/** From here on a variant is pruned where weights come from a cache: memory may bring others closer, but not that close. */
const CACHED_PRUNE_FACTOR = 5;
/** The work grows until it takes so much longer than the smallest amount, in steps of the clock and in milliseconds; */
const ENOUGH: Enough = { steps: 5, ms: 3 };
/** so much does where all that has to be told is who is far behind. */
const ENOUGH_TO_PRUNE: Enough = { steps: 2, ms: 1 };
/** How many times as large the work becomes at once, and at most. */
const GROWTH = 4;
const MOST_TIMES = GROWTH ** 7;
/** How many times as fast a rival must be to take the place of the preferred variant. */
const MARGIN = 1.3;
/** Weights that no cache holds are read where that takes no longer: who is slower than that does not wait for memory. */
const BEYOND_CACHE_MS = 10;

interface Enough {
  steps: number;
  ms: number;
}

/** Milliseconds from submission to completion of so many times a variant's work. */
export type Timer<S extends string> = (variant: S, times: number) => Promise<number>;

/** Which variant won a task, and which were pruned. */
export interface TuneResult<S extends string> {
  variant: S;
  pruned: S[];
}

export interface RaceOptions<S extends string> {
  /** What wins unless another is faster by a margin; undefined where nothing is known of the adapter. */
  preferred?: S | undefined;
  /**
   * The same work on so many times the weights, more than a cache holds; opened for the variants that are left, and undefined
   * where there is no room for it.
   */
  beyondCache?: { times: number; open(variants: readonly S[]): Promise<Timer<S> | undefined> } | undefined;
  /** The clock, in milliseconds. */
  now?: () => number;
}

/** What is known of the variants once the clock tells them apart. */
interface Comparison<S extends string> {
  left: readonly S[];
  /** The shortest readings of so many times the work, */
  readings: Map<S, number>;
  times: number;
  /** and of the smallest amount of work, with the wait for the answer, of any variant. */
  shortest: number;
}

/**
 * Finds the variant that does the same work in the shortest time, on weights that no cache holds where that may be done soon.
 * No single reading decides anything, and a reading of zero prunes nothing.
 */
export async function race<S extends string>(
  variants: readonly S[],
  time: Timer<S>,
  { preferred, beyondCache, now = () => performance.now() }: RaceOptions<S> = {},
): Promise<TuneResult<S>> {
  const step = clockStep(now);
  let timer = time;
  let compared = await (beyondCache
    ? compare(variants, time, step, ENOUGH_TO_PRUNE, CACHED_PRUNE_FACTOR)
    : compare(variants, time, step, ENOUGH, PRUNE_FACTOR));
  if (beyondCache && compared.left.length > 1) {
    const isSoon = costOfOne(compared) * beyondCache.times <= BEYOND_CACHE_MS;
    if (isSoon) timer = (await beyondCache.open(compared.left)) ?? time;
    compared = await compare(compared.left, timer, step, ENOUGH, PRUNE_FACTOR, compared.shortest);
  }
  const variant = await winner(compared, timer, preferred, step);
  return { variant, pruned: variants.filter((variant) => !compared.left.includes(variant)) };
}

/**
 * Lets the work grow until it takes longer than the smallest amount of it by many steps of the clock: the wait for an answer,
 * which may be many times the work, is in both. Variants that are far behind are pruned on the way.
 */
async function compare<S extends string>(
  variants: readonly S[],
  time: Timer<S>,
  step: number,
  enough: Enough,
  factor: number,
  shortest = Number.POSITIVE_INFINITY,
): Promise<Comparison<S>> {
  const enoughMs = Math.max(enough.steps * step, enough.ms);
  let left = variants;
  for (let times = 1; ; ) {
    const timeOf = (variant: S) => time(variant, times);
    const readings = await readAll(left, timeOf);
    left = await withoutPruned(readings, timeOf, factor);
    const longer = Math.min(...readings.values()) - shortest;
    shortest = Math.min(shortest, ...readings.values());
    if (left.length === 1 || longer >= enoughMs || times >= MOST_TIMES)
      return { left, readings, times, shortest };
    // Where the clock already shows something, the work grows by no more than it needs to.
    times *= longer > 2 * step ? Math.min(GROWTH, Math.max(2, Math.ceil((1.2 * enoughMs) / longer))) : GROWTH;
  }
}

/** Milliseconds of the work itself, once, by the variant that is fastest so far. */
const costOfOne = ({ readings, shortest, times }: Comparison<string>): number =>
  (Math.min(...readings.values()) - shortest) / (times - 1);

/** The fastest by the shortest of some readings, or the preferred one where the fastest does not beat it. */
async function winner<S extends string>(
  { left, readings, times, shortest }: Comparison<S>,
  time: Timer<S>,
  preferred: S | undefined,
  step: number,
): Promise<S> {
  const cost = (variant: S) => Math.max(0, readings.get(variant)! - shortest);
  const fastest = () => left.toSorted((a, b) => cost(a) - cost(b))[0]!;
  let contenders = left;
  for (let round = 1; round < ROUNDS && contenders.length > 1; round++) {
    for (const [variant, ms] of await readAll(contenders, (variant) => time(variant, times)))
      readings.set(variant, Math.min(ms, readings.get(variant)!));
    // Who was slower by more than the margin twice need not be read a third time.
    const least = cost(fastest());
    contenders = left.filter((variant) => !isFaster(least, cost(variant), step));
  }
  const rival = fastest();
  return left.includes(preferred!) && !isFaster(cost(rival), cost(preferred!), step) ? preferred! : rival;
}

/** Whether a rival beats the preferred variant by the margin, and by more than the clock's own error. */
const isFaster = (rival: number, preferred: number, step: number): boolean =>
  rival * MARGIN < preferred && preferred - rival > 2 * step;

/** One reading of each, one after the other. */
async function readAll<S extends string>(
  variants: readonly S[],
  timeOf: (variant: S) => Promise<number>,
): Promise<Map<S, number>> {
  const readings = new Map<S, number>();
  for (const variant of variants) readings.set(variant, await timeOf(variant));
  return readings;
}

/** Those that are not far behind, and those that are not when they are timed once more. */
async function withoutPruned<S extends string>(
  readings: ReadonlyMap<S, number>,
  timeOf: (variant: S) => Promise<number>,
  factor: number,
): Promise<S[]> {
  const best = Math.min(...readings.values());
  const isBehind = (ms: number) => ms > factor * best && ms > best + PRUNE_MS;
  const left: S[] = [];
  for (const [variant, ms] of readings) {
    if (!isBehind(ms) || !isBehind(await timeOf(variant))) left.push(variant);
  }
  return left;
}

/** The smallest difference that the clock can show, in milliseconds: browsers round it to 0.1 or 1. */
export function clockStep(now: () => number): number {
  let step = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const start = now();
    let end = now();
    while (end === start) end = now();
    step = Math.min(step, end - start);
  }
  return step;
}
