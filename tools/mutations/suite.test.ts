import { expect, it } from "vitest";
import { judge, type Report } from "./suite.ts";

type Test = Report["testResults"][number]["assertionResults"][number];
const passed: Test = { status: "passed", fullName: "adds", failureMessages: [] };
const failing = (message: string): Test => ({
  status: "failed",
  fullName: "divides",
  failureMessages: [message],
});
const report = (...assertionResults: Test[]): Report => ({
  testResults: [{ message: "", assertionResults }],
});

it("a suite passes when its tests did, and there were some", () => {
  expect(judge(report(passed), 0)).toEqual({ result: "passed" });
  expect(judge(report(), 0)).toMatchObject({ result: "broken" });
  expect(judge({ testResults: [] }, 0)).toMatchObject({ result: "broken" });
});

it("a suite fails by a test that fails, and says which", () => {
  const outcome = judge(report(passed, failing("AssertionError: expected 1 to be 2")), 1);
  expect(outcome).toEqual({ result: "failed", test: "divides" });
});

it("a runner that fails without a test proves nothing", () => {
  expect(judge(report(passed), 1)).toMatchObject({ result: "broken" });
  expect(judge(report(passed), null)).toMatchObject({ result: "broken" });
  const message = "Failed to import test file\n  at somewhere";
  expect(judge({ testResults: [{ message, assertionResults: [] }] }, 1)).toEqual({
    result: "broken",
    why: "Failed to import test file",
  });
});

it("a shader that does not compile proves nothing", () => {
  const message =
    "NextTokenError: The GPU refused a command: Error while parsing WGSL: :1:1 error: unexpected token";
  expect(judge(report(failing(message)), 1)).toMatchObject({ result: "broken" });
});

it("an error of WebGPU that is no error of a shader is a failure", () => {
  const message = "NextTokenError: The GPU refused a command: Binding size (64) is larger than the maximum.";
  expect(judge(report(failing(message)), 1)).toMatchObject({ result: "failed" });
});
