import { describe, expect, it } from "vitest";
import type { ModelHandle } from "../runtime/model-handle.ts";
import { appended, expectSameIds, stepsOf } from "../test/ids.ts";
import { type AnsweredTask, answersOf, openSmall, parity, smallFiles } from "../test/small-model.ts";

/** What a logit may be off by: choices by less than twice as much may differ from PyTorch's. */
const ERROR = 1e-3;

describe("the loop goes on as PyTorch's does", () => {
  it.each(smallFiles)("with %s", async (file) => {
    const model = await openSmall(file);
    for (const [i, { ids, margins }] of answersOf(file).entries()) {
      const prompt = parity.prompts[i]!.ids;
      const steps = await stepsOf(model, [prompt], { maxNewTokens: ids.length, topK: 1 });
      expectSameIds(appended([prompt], steps)[0]!.slice(prompt.length), ids, margins, ERROR);
    }
    model.destroy();
  });

  it("and nine of ten choices are clear enough to be held to", () => {
    const margins = smallFiles.flatMap((file) => answersOf(file).flatMap(({ margins }) => margins));
    expect(margins.filter((margin) => margin > 2 * ERROR).length / margins.length).toBeGreaterThan(0.9);
  });
});

/** What the model answers to each task. Prompts of one length are asked together. */
async function ask(model: ModelHandle, tasks: readonly AnsweredTask[]): Promise<Map<AnsweredTask, number>> {
  const answers = new Map<AnsweredTask, number>();
  for (const length of new Set(tasks.map(({ ids }) => ids.length))) {
    const group = tasks.filter(({ ids }) => ids.length === length);
    const idx = group.map(({ ids }) => ids);
    const [step] = await stepsOf(model, idx, { maxNewTokens: 1, topK: 1 });
    for (const [i, task] of group.entries()) answers.set(task, step!.ids[i]!);
  }
  return answers;
}

it("held-out tasks of every kind are answered as PyTorch answers them", async () => {
  const { file, kinds } = parity.tasks;
  expect(file).toBe(smallFiles.at(-1));
  const model = await openSmall(file);
  const tasks = Object.values(kinds).flat();
  const answers = await ask(model, tasks);
  const others = tasks.filter((task) => task.margin > 2 * ERROR && answers.get(task) !== task.found);
  expect(others).toEqual([]);
  for (const [kind, asked] of Object.entries(kinds)) {
    const right = asked.filter((task) => answers.get(task) === task.answer).length;
    const expected = asked.filter(({ found, answer }) => found === answer).length;
    console.info(`${kind}: ${right} of ${asked.length} are right, PyTorch ${expected}`);
    expect(right, kind).toBeGreaterThanOrEqual(expected);
  }
  model.destroy();
});
