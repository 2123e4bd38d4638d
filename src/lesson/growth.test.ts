import fc from "fast-check";
import { expect, it } from "vitest";
import { growthBy } from "./growth.ts";

/** Ids are bytes. */
const decode = (ids: readonly number[]) =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(ids));
const bytes = (text: string) => [...new TextEncoder().encode(text)];

it("is the token's own text, or none while a character lacks bytes or is completed", () => {
  expect(growthBy({ decode }, bytes("Hi"), 33)).toEqual({ text: "!", isWhole: true });
  const [a, b, c, d] = bytes("😀") as [number, number, number, number];
  expect(growthBy({ decode }, [72, a, b], c)).toEqual({ text: undefined, isWhole: false });
  expect(growthBy({ decode }, [72, a, b, c], d)).toEqual({ text: undefined, isWhole: true });
});

it("is what the whole text would show, whatever the bytes", () => {
  const byte = fc.oneof(
    fc.integer({ min: 0x7e, max: 0xff }),
    fc.constantFrom(0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80),
  );
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 12 }), byte, (ids, id) => {
      const [before, after] = [decode(ids), decode([...ids, id])];
      const isWhole = !after.endsWith("\uFFFD");
      const text = isWhole && after.startsWith(before) ? after.slice(before.length) : undefined;
      expect(growthBy({ decode }, ids, id)).toEqual({ text, isWhole });
    }),
    { numRuns: 2000 },
  );
});
