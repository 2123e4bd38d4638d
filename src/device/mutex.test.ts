import { expect, it } from "vitest";
import { Mutex } from "./mutex.ts";

it("lets one after the other, in the order of asking, and tells each what became of its own", async () => {
  const mutex = new Mutex();
  const told: string[] = [];
  const slow = (name: string) => async () => {
    told.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    told.push(`${name} ends`);
    return name;
  };
  const failing = () => Promise.reject(new Error("refused"));
  const results = await Promise.allSettled([
    mutex.run(slow("first")),
    mutex.run(failing),
    mutex.run(slow("second")),
    mutex.run(() => told.push("third")),
  ]);
  expect(told).toEqual(["first begins", "first ends", "second begins", "second ends", "third"]);
  expect(results).toEqual([
    { status: "fulfilled", value: "first" },
    { status: "rejected", reason: new Error("refused") },
    { status: "fulfilled", value: "second" },
    { status: "fulfilled", value: 5 },
  ]);
});
