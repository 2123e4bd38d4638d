import { expect, it } from "vitest";
import { loadTokenizer } from "../../tokenizer/tokenizer.ts";
import { AnyIdTokenizer } from "./any-id-tokenizer.ts";
import { PromptIds } from "./prompt-ids.ts";

// In a browser, since only there it is known how long a task took.

// Another program on the machine may slow one run down, but hardly three.
it.each([
  ["x", "x"],
  ["Chinese without a break", "学生们打开笔记本"],
])("splits a megabyte of %s, and no task takes 50 ms", { retry: 2 }, async (_, unit) => {
  const text = unit.repeat(2 ** 20 / new TextEncoder().encode(unit).length);
  const longTasks: number[] = [];
  const observer = new PerformanceObserver((list) =>
    longTasks.push(...list.getEntries().map((e) => e.duration)),
  );
  observer.observe({ type: "longtask" });
  const prompt = new PromptIds(
    async () => new AnyIdTokenizer(await loadTokenizer()),
    () => {},
  );
  await prompt.load();
  prompt.set(text);
  const { ids, tokenizer } = await prompt.now();
  await new Promise((resolve) => setTimeout(resolve, 100)); // entries arrive after their tasks
  longTasks.push(...observer.takeRecords().map((e) => e.duration));
  observer.disconnect();
  expect(longTasks).toEqual([]);
  expect(tokenizer.decode(ids) === text).toBe(true);
});
