/** One line of a parity test's output: what was compared, the largest error found, and what it may be at most. */
export function report(what: string, error: number, atMost: number): void {
  console.info(`${what}: ${error.toExponential(1)} (at most ${atMost.toExponential(0)})`);
}
