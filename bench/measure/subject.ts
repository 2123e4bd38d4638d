import { GPTModel, generate } from "../../src/index.ts";
import { autotune } from "../../src/kernels/autotune/autotune.ts";
import type { Precision } from "../../src/kernels/weight-format.ts";
import { sharedDevice } from "../../src/runtime/shared-device.ts";
import type { Fixture } from "./result.ts";

/** Candidates that come back with every token: as many as the page shows. */
export const TOP_K = 10;

/** The model that is measured. */
export interface Subject {
  model: GPTModel;
  precision: Precision;
  /** From an empty page to a model that can generate. */
  load_ms: number;
  /** Of that, until the device is open, and from then until the kernels are tuned, while the weights load. */
  device_ms: number;
  choice_ms: number;
  first_token_ms: number;
  /** The ids that it appended to the fixture's prompt. */
  ids: number[];
}

const subjects = new Map<string, Promise<Subject>>();

/** The fixture's model, built once a page: only what is built on a fresh page is timed from nothing. */
export function subjectOf(fixture: Fixture, precision: Precision, device: "gpu" | "cpu"): Promise<Subject> {
  const key = JSON.stringify([fixture, precision, device]);
  let subject = subjects.get(key);
  if (!subject) {
    subject = build(fixture, precision, device);
    subjects.set(key, subject);
  }
  return subject;
}

async function build(
  { seed, config, prompt, ids: expected }: Fixture,
  precision: Precision,
  choice: "gpu" | "cpu",
): Promise<Subject> {
  const start = performance.now();
  const { device } = await sharedDevice(choice);
  const opened = performance.now();
  const choosing = autotune(device).then(() => performance.now());
  const model = await GPTModel.fromSeed(seed, config, { precision, device: choice });
  const [ready, chosen] = [performance.now(), await choosing];
  let first_token_ms = 0;
  const ids: number[] = [];
  for await (const step of generate(model, prompt, { maxNewTokens: expected.length, topK: TOP_K })) {
    if (ids.length === 0) first_token_ms = performance.now() - ready;
    ids.push(step.ids[0]!);
  }
  const [device_ms, choice_ms] = [opened - start, chosen - opened];
  return { model, precision, load_ms: ready - start, device_ms, choice_ms, first_token_ms, ids };
}
