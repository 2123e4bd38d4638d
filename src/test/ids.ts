import { expect } from "vitest";
import { type GenerateOptions, type GenerateStep, generate } from "../generate/generate.ts";
import type { ModelHandle } from "../runtime/model-handle.ts";

/** All steps of a generation, without their times, which are never the same. */
export async function stepsOf(
  model: ModelHandle,
  idx: readonly (readonly number[])[],
  options: GenerateOptions,
): Promise<GenerateStep[]> {
  const steps: GenerateStep[] = [];
  for await (const step of generate(model, idx, options)) steps.push({ ...step, milliseconds: 0 });
  return steps;
}

/** `idx` [B, T] with the ids of the steps appended, as `generateTextSimple` returns it: [B, T + steps]. */
export const appended = (idx: readonly (readonly number[])[], steps: readonly GenerateStep[]): number[][] =>
  idx.map((row, b) => [...row, ...steps.map(({ ids }) => ids[b])]);

/**
 * Fails unless the ids are equal, or differ first at a step whose best two logits are closer than twice the error of
 * the logits (`margins` has one entry a step): from there on every choice may differ.
 */
export function expectSameIds(
  found: readonly number[],
  expected: readonly number[],
  margins: readonly number[],
  error: number,
): void {
  expect(found.length).toBe(expected.length);
  const step = found.findIndex((id, i) => id !== expected[i]);
  if (step === -1) return;
  const report = `step ${step} chose ${found[step]} instead of ${expected[step]}; its margin`;
  expect(margins[step], report).toBeLessThanOrEqual(2 * error);
}
