import fc from "fast-check";

/** How often each verdict was given: the rule that refused a file, or that it is still a checkpoint. */
export type Verdicts = Map<string, number>;

/** Judges `runs` files. Fails, with the file's change and the seed, where `judge` throws. */
export async function countVerdicts(
  files: fc.Arbitrary<{ file: Uint8Array }>,
  judge: (file: Uint8Array) => Promise<string>,
  { runs, seed }: { runs: number; seed: number },
): Promise<Verdicts> {
  const verdicts: Verdicts = new Map();
  const property = fc.asyncProperty(files, async ({ file }) => {
    const verdict = await judge(file);
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  });
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // nearly every case throws, and a stack nobody reads would cost more than the case
  try {
    await fc.assert(property, { numRuns: runs, seed });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return verdicts;
}
