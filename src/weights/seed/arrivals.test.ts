import { expect, test } from "vitest";
import { Arrivals } from "./arrivals.ts";

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
