import { existsSync, readFileSync } from "node:fs";

/** How many tests of one runner ended how. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Reads the JSON report of Vitest or Playwright. A runner that died before it wrote one has counted nothing. */
export function readCounts(reportFile: string): TestCounts {
  if (!existsSync(reportFile)) return { passed: 0, failed: 0, skipped: 0 };
  const report = JSON.parse(readFileSync(reportFile, "utf8"));
  if (report.stats) {
    const { expected, unexpected, flaky, skipped } = report.stats; // Playwright; we retry nothing, so flaky is failed
    return { passed: expected, failed: unexpected + flaky, skipped };
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Why a run of tests is not a success, as a sentence; undefined when it is one. What was not run is never green,
 * but where `maySkip` says that this machine lacks what it needs: that is counted, and stands in the last line.
 */
export function whyFailed(
  exitCode: number | null,
  { passed, failed, skipped }: TestCounts,
  maySkip = false,
): string | undefined {
  if (exitCode === null)
    return "It was ended before it was done: it ran for too long, or something killed it.";
  if (failed > 0) return `${failed} of its tests failed.`;
  if (exitCode !== 0) return `It ended with exit code ${exitCode}.`;
  if (skipped > 0 && maySkip) return undefined;
  if (skipped > 0) return `It skipped ${skipped} tests, and what is not run counts as failed.`;
  if (passed === 0) return "It ran no test.";
  return undefined;
}

/** The last line of `npm test`: "7 passed, 2 failed", and how many were not run where some were not. */
export function lastLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
