import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "./mutation.ts";

/** What a run of suites came to. */
export type Outcome =
  | { result: "passed" }
  /** A test failed, as it should when something is broken. */
  | { result: "failed"; test: string }
  /** No test said so: the mutation does not compile, or the runner itself failed. Proves nothing. */
  | { result: "broken"; why: string };

export interface Report {
  testResults: {
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

const TIMEOUT = 20 * 60_000; // the last resort against one that hangs

/** Runs suites in `folder` up to the first test that fails. */
export function runSuites(folder: string, suites: readonly Suite[]): Outcome {
  const file = join(folder, "report.json");
  rmSync(file, { force: true });
  const projects = new Set(suites.map((suite) => `--project=${suite.split(" ")[0]}`));
  const files = suites.map((suite) => suite.split(" ")[1]!);
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--bail=1"];
  const reporter = ["--reporter=json", `--outputFile=${file}`];
  const { status, error } = spawnSync(process.execPath, [...vitest, ...projects, ...reporter, ...files], {
    cwd: folder,
    stdio: "ignore",
    timeout: TIMEOUT,
  });
  if (error) return { result: "broken", why: error.message };
  if (!existsSync(file)) return { result: "broken", why: `no report, exit code ${status}` };
  return judge(JSON.parse(readFileSync(file, "utf8")) as Report, status);
}

/** What Vitest's report and exit code say. */
export function judge({ testResults }: Report, status: number | null): Outcome {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.find((test) => test.status === "failed");
  if (failed) {
    const message = failed.failureMessages.join("\n");
    // A shader that WebGPU refuses fails every test, whatever they look at.
    if (/refused a command: .*(parsing WGSL|ShaderModule)/.test(message)) {
      return { result: "broken", why: message.split("\n")[0]! };
    }
    return { result: "failed", test: failed.fullName };
  }
  const passed = tests.filter((test) => test.status === "passed");
  if (status === 0 && passed.length > 0) return { result: "passed" };
  const why = testResults.map(({ message }) => message.split("\n")[0]).join(" ");
  return { result: "broken", why: why || `exit code ${status}, ${passed.length} tests passed` };
}
