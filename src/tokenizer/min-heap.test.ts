import fc from "fast-check";
import { expect, test } from "vitest";
import { MinHeap } from "./min-heap.ts";

test("the smallest number comes out first, whatever goes in between", () => {
  const command = fc.option(fc.integer(), { freq: 2 }); // a number goes in, null takes one out
  fc.assert(
    fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
      const heap = new MinHeap(commands.length);
      const sorted: number[] = [];
      for (const number of commands) {
        if (number !== null) {
          heap.push(number);
          sorted.push(number);
          sorted.sort((a, b) => a - b);
        } else if (sorted.length > 0) expect(heap.pop()).toBe(sorted.shift());
        expect(heap.size).toBe(sorted.length);
      }
    }),
    { numRuns: 500, seed: 123 },
  );
});
