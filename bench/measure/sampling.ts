/** Samples for a median. */
export const SAMPLES = 5;

/** A run longer than this is not repeated: a share of the run that the first use adds is then small. */
const PATIENCE_MS = 10_000;

/** Milliseconds of `SAMPLES` runs after one to warm up; of the only one where it takes too long to repeat. */
export async function timeRuns(run: () => Promise<unknown>): Promise<number[]> {
  const warmUp = await timed(run);
  if (warmUp > PATIENCE_MS) return [warmUp];
  const samples: number[] = [];
  while (samples.length < SAMPLES) samples.push(await timed(run));
  return samples;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
