import { expect, test } from "vitest";
import { Arrivals, nextTask } from "./arrivals.ts";

test("items come out in the order in which they went in, waited for or not", async () => {
  const arrivals = new Arrivals<number>();
  const first = arrivals.next();
  arrivals.put(1);
  arrivals.put(2);
  arrivals.put(3);
  expect([await first, await arrivals.next(), await arrivals.next()]).toEqual([1, 2, 3]);
});

test("a failure reaches the reader who waits, and comes before items", async () => {
  const arrivals = new Arrivals<number>();
  const waiting = arrivals.next();
  arrivals.fail(new Error("first"));
  arrivals.fail(new Error("second"));
  arrivals.put(1);
  await expect(waiting).rejects.toThrow("first");
  await expect(arrivals.next()).rejects.toThrow("first");
});

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
