import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lastLine, readCounts, whyFailed } from "./test-counts.ts";

const folder = mkdtempSync(join(tmpdir(), "counts-"));
test.afterAll(() => rmSync(folder, { recursive: true }));

function counted(report: object) {
  const file = join(folder, "report.json");
  writeFileSync(file, JSON.stringify(report));
  return readCounts(file);
}

test("Vitest's report", () => {
  const report = {
    numPassedTests: 7,
    numFailedTests: 2,
    numPendingTests: 3,
    numTodoTests: 1,
    testResults: [],
  };
  expect(counted(report)).toEqual({ passed: 7, failed: 2, skipped: 4 });
});

test("Playwright's report, where a test that passed only when repeated has failed", () => {
  const report = { stats: { expected: 7, unexpected: 2, flaky: 1, skipped: 3 }, suites: [] };
  expect(counted(report)).toEqual({ passed: 7, failed: 3, skipped: 3 });
});

test("no report", () => {
  expect(readCounts(join(folder, "none.json"))).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

test.each([
  ["ran no test", 0, { passed: 0, failed: 0, skipped: 0 }],
  ["skipped 1 tests", 0, { passed: 9, failed: 0, skipped: 1 }],
  ["exit code 1", 1, { passed: 9, failed: 0, skipped: 0 }],
  ["2 of its tests failed", 1, { passed: 9, failed: 2, skipped: 0 }],
  ["2 of its tests failed", 0, { passed: 9, failed: 2, skipped: 0 }],
  ["ended before it was done", null, { passed: 9, failed: 0, skipped: 0 }],
])("not a success: %s", (sentence, exitCode, counts) => {
  expect(whyFailed(exitCode, counts)).toContain(sentence);
});

test("what this machine lacks may be skipped, and nothing else", () => {
  expect(whyFailed(0, { passed: 0, failed: 0, skipped: 7 }, true)).toBeUndefined();
  expect(whyFailed(0, { passed: 0, failed: 0, skipped: 0 }, true)).toContain("ran no test");
  expect(whyFailed(1, { passed: 1, failed: 1, skipped: 7 }, true)).toContain("1 of its tests failed");
  expect(whyFailed(null, { passed: 1, failed: 0, skipped: 7 }, true)).toContain("ended before it was done");
});

test("the last line says what was not run, and is as short as ever where everything was", () => {
  expect(lastLine({ passed: 7, failed: 2, skipped: 0 })).toBe("7 passed, 2 failed");
  expect(lastLine({ passed: 7, failed: 0, skipped: 3 })).toBe("7 passed, 0 failed, 3 skipped");
});

test("a success", () => {
  expect(whyFailed(0, { passed: 1, failed: 0, skipped: 0 })).toBeUndefined();
});
