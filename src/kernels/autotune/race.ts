/** Rounds in which variants take turns, so that a machine that slows down does so for all of them. */
const ROUNDS = 3;
/** A variant is pruned when it takes this many times as long as the best, and so much longer in milliseconds, twice. */
const PRUNE_FACTOR = 3;
const PRUNE_MS = 5;
/** The work grows until it takes so much longer than the smallest amount, in steps of the clock and in milliseconds. */
const ENOUGH_STEPS = 6;
const ENOUGH_MS = 3;
/** How many times as large the work becomes at once, and at most. */
const GROWTH = 4;
const MOST_TIMES = GROWTH ** 7;
/** How many times as fast a rival must be to take the place of the preferred variant. */
const MARGIN = 1.3;

/** Which variant won a task, and which were pruned. */
export interface TuneResult<S extends string> {
  variant: S;
  pruned: S[];
}

export interface RaceOptions<S extends string> {
  /** What wins unless another is faster by a margin; undefined where nothing is known of the adapter. */
  preferred?: S | undefined;
  /** The clock, in milliseconds. */
  now?: () => number;
}

/**
 * Finds the variant that does the same work in the shortest time. The work grows until it takes longer than the smallest
 * amount of it by many steps of the clock: the wait for an answer, which may be many times the work, is in both. No single
 * reading decides anything, and a reading of zero prunes nothing.
 * @param time milliseconds from submission to completion of so many times a variant's work
 */
export async function race<S extends string>(
  variants: readonly S[],
  time: (variant: S, times: number) => Promise<number>,
  { preferred, now = () => performance.now() }: RaceOptions<S> = {},
): Promise<TuneResult<S>> {
  const step = clockStep(now);
  const enough = Math.max(ENOUGH_STEPS * step, ENOUGH_MS);
  let shortest = Number.POSITIVE_INFINITY; // the smallest amount of work, and the wait for it
  let left = variants;
  for (let times = 1; left.length > 1; ) {
    const timeOf = (variant: S) => time(variant, times);
    const readings = await readAll(left, timeOf);
    left = await withoutPruned(readings, timeOf);
    const longer = Math.min(...readings.values()) - shortest;
    shortest = Math.min(shortest, ...readings.values());
    if (longer >= enough || times >= MOST_TIMES) {
      left = await sorted(left, readings, timeOf);
      const cost = (variant: S) => Math.max(0, readings.get(variant)! - shortest);
      if (left.includes(preferred!) && !isFaster(cost(left[0]!), cost(preferred!), step))
        left = [preferred!, ...left.filter((variant) => variant !== preferred)];
      break;
    }
    // Where the clock already shows something, the work grows by no more than it needs to.
    times *= longer > 2 * step ? Math.min(GROWTH, Math.max(2, Math.ceil((1.2 * enough) / longer))) : GROWTH;
  }
  return { variant: left[0]!, pruned: variants.filter((variant) => !left.includes(variant)) };
}

/** The fastest first, by the shortest of some readings, which are kept in `readings`. */
async function sorted<S extends string>(
  variants: readonly S[],
  readings: Map<S, number>,
  timeOf: (variant: S) => Promise<number>,
): Promise<S[]> {
  for (let round = 1; round < ROUNDS; round++) {
    for (const [variant, ms] of await readAll(variants, timeOf))
      readings.set(variant, Math.min(ms, readings.get(variant)!));
  }
  return variants.toSorted((a, b) => readings.get(a)! - readings.get(b)!);
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
): Promise<S[]> {
  const best = Math.min(...readings.values());
  const isBehind = (ms: number) => ms > PRUNE_FACTOR * best && ms > best + PRUNE_MS;
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
