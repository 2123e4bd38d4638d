import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StreamingDecoder } from "./streaming-decoder.ts";
import { loadTokenizer } from "./tokenizer.ts";

const tokenizer = await loadTokenizer();

/** What each id lets through, and what the flush does. */
function stream(ids: number[]): string[] {
  const decoder = new StreamingDecoder(tokenizer);
  return [...ids.map((id) => decoder.push(id)), decoder.flush()];
}

describe("StreamingDecoder", () => {
  test("holds back half a character", () => {
    expect(stream([8582, 25081])).toEqual(["", "🙂", ""]);
    expect(stream([15496, 8582, 25081, 0])).toEqual(["Hello", "", "🙂", "!", ""]);
  });

  test("gives out what never became a character as U+FFFD", () => {
    expect(stream([8582])).toEqual(["", "\ufffd"]);
    expect(stream([8582, 15496])).toEqual(["", "\ufffdHello", ""]);
  });

  test("keeps a byte order mark, at the start and after it", () => {
    const ids = tokenizer.encode("\ufeffa\ufeff");
    expect(stream(ids).join("")).toBe("\ufeffa\ufeff");
  });

  test("can be used again after a flush", () => {
    const decoder = new StreamingDecoder(tokenizer);
    decoder.push(8582);
    decoder.flush();
    expect(decoder.push(25081)).toBe(tokenizer.decode([25081]));
  });

  test("refuses an unknown id and loses nothing by it", () => {
    const decoder = new StreamingDecoder(tokenizer);
    decoder.push(8582);
    expect(() => decoder.push(50257)).toThrow(expect.objectContaining({ code: "id-out-of-range" }));
    expect(decoder.push(25081)).toBe("🙂");
  });

  test("says the same as decoding whole, for 2,000 random id sequences", () => {
    const anyId = fc.nat({ max: tokenizer.vocabSize - 1 });
    // Nearly every id is whole characters; these are not, and come in the order in which they form characters or do not.
    const partIds = Array.from({ length: tokenizer.vocabSize }, (_, id) => id).filter((id) =>
      tokenizer.decode([id]).includes("\ufffd"),
    );
    const partId = fc.constantFrom(...partIds);
    const brokenEmoji = fc.constantFrom("🙂", "👩‍💻", "é中", "\ufeff").map((text) => tokenizer.encode(text));
    const ids = fc
      .array(fc.oneof(fc.tuple(anyId), fc.tuple(partId), brokenEmoji), { maxLength: 40 })
      .map((parts) => parts.flat());

    fc.assert(
      fc.property(ids, (ids) => {
        expect(stream(ids).join("")).toBe(tokenizer.decode(ids));
      }),
      { numRuns: 2000, seed: 123 },
    );
  });

  test("gives a character out as soon as its last byte has come", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const decoder = new StreamingDecoder(tokenizer);
        const ids = tokenizer.encode(text);
        let shown = "";
        for (const [i, id] of ids.entries()) {
          shown += decoder.push(id);
          const soFar = tokenizer.decode(ids.slice(0, i + 1));
          // The text is well formed, so a U+FFFD that is not the text's own can only be the unfinished last character.
          expect(soFar.startsWith(shown)).toBe(true);
          expect(soFar.slice(shown.length)).toMatch(/^\ufffd?$/);
        }
        expect(shown).toBe(text);
      }),
      { numRuns: 500, seed: 123 },
    );
  });
});
