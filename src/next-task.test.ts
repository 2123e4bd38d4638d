import { expect, test } from "vitest";
import { inSlices, nextTask } from "./next-task.ts";

test("nextTask lets other tasks run first", async () => {
  const order: string[] = [];
  const { port1, port2 } = new MessageChannel();
  const other = new Promise<void>((resolve) => {
    port1.onmessage = () => {
      order.push("other");
      resolve();
    };
  });
  port2.postMessage(0);
  await nextTask();
  order.push("ours");
  await other;
  port1.close();
  expect(order).toEqual(["other", "ours"]);
});

/** Works for `milliseconds` between two breaks. */
function* count(to: number, milliseconds: number): Generator<number, string> {
  for (let i = 0; i < to; i++) {
    const start = performance.now();
    while (performance.now() - start < milliseconds);
    yield i;
  }
  return "done";
}

test("what is short is done in one task", async () => {
  let hasOtherRun = false;
  const other = nextTask().then(() => {
    hasOtherRun = true;
  });
  expect(await inSlices(count(5, 0))).toBe("done");
  expect(hasOtherRun).toBe(false);
  await other;
});

test("what is long lets other tasks run, and tells before each how far it is", async () => {
  const told: number[] = [];
  let others = 0;
  const other = async () => {
    for (let i = 0; i < 3; i++) {
      await nextTask();
      others++;
    }
  };
  const [result] = await Promise.all([inSlices(count(4, 12), { paused: (i) => told.push(i) }), other()]);
  expect(result).toBe("done");
  expect(told).toEqual([0, 1, 2, 3]);
  expect(others).toBe(3);
});

test("what is aborted does not go on", async () => {
  const aborted = new AbortController();
  const work = count(1000, 12);
  const result = inSlices(work, {
    signal: aborted.signal,
    paused: () => aborted.abort(new Error("overtaken")),
  });
  await expect(result).rejects.toThrow("overtaken");
  expect(work.next().value).toBe(1);
});
