import fc from "fast-check";
import { expect, it } from "vitest";
import { AddressSpace } from "./address-space.ts";

it("gives pieces that do not overlap, on lines of the cache, and one gap again when all are given back", () => {
  const step = fc.record({ take: fc.nat({ max: 500 }), give: fc.nat({ max: 5 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const space = new AddressSpace(64, 8192);
      const taken: { at: number; bytes: number }[] = [];
      for (const { take, give } of steps) {
        const at = space.take(take);
        if (at !== undefined) {
          expect(at % 64).toBe(0);
          expect(at).toBeGreaterThanOrEqual(64);
          expect(at + take).toBeLessThanOrEqual(8192);
          expect(space.end).toBeGreaterThanOrEqual(at + take);
          for (const other of taken)
            expect(at + Math.max(1, take) <= other.at || at >= other.at + Math.max(1, other.bytes)).toBe(
              true,
            );
          taken.push({ at, bytes: take });
        }
        const [back] = taken.splice(give, 1);
        if (back) space.give(back.at);
      }
      for (const { at } of taken) space.give(at);
      expect(space.take(8192 - 64)).toBe(64);
    }),
  );
});

it("gives nothing where nothing is large enough, and takes the first place that is", () => {
  const space = new AddressSpace(0, 256);
  expect([space.take(64), space.take(64), space.take(64), space.take(64)]).toEqual([0, 64, 128, 192]);
  expect(space.take(1)).toBeUndefined();
  space.give(64);
  expect(space.take(65)).toBeUndefined();
  space.give(128);
  space.give(128); // a second time is nothing
  expect(space.take(100)).toBe(64);
  expect(space.take(1)).toBeUndefined();
  expect(space.end).toBe(256);
});
