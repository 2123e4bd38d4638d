import fc from "fast-check";
import { Tiktoken } from "js-tiktoken/lite";
import ranks from "js-tiktoken/ranks/gpt2";
import { describe, expect, test, vi } from "vitest";
import { loadTokenizer } from "./tokenizer.ts";

const tokenizer = await loadTokenizer();
/** js-tiktoken, with \s as tiktoken understands it. */
const plain = new Tiktoken({
  ...ranks,
  pat_str: ranks.pat_str.replaceAll("\\s", "\\p{White_Space}").replaceAll("\\S", "\\P{White_Space}"),
});
const everyId = Array.from({ length: tokenizer.vocabSize }, (_, id) => id);

/** What UTF-8 keeps of a string: all of it but halves of surrogate pairs, which become U+FFFD. */
const throughUtf8 = (text: string): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));

const halfSurrogates = fc.array(
  fc.oneof(fc.constantFrom(0xd83d, 0xde00, 0xfeff, 0x20), fc.nat({ max: 0xffff })),
);
const anyText = fc.oneof(
  fc.string({ unit: "binary" }), // any characters
  fc.string({ unit: "grapheme" }), // accents, flags, emoji families
  fc.string({
    unit: fc.constantFrom("a", "the", "1", " ", "\n", "'s", "é", "中", "😀", "--"),
    maxLength: 200,
  }),
  halfSurrogates.map((units) => String.fromCharCode(...units)),
);

describe("encode", () => {
  test.each([
    ["Hello, I am", [15496, 11, 314, 716]],
    ["Every effort moves you", [6109, 3626, 6100, 345]],
    ["Every day holds a", [6109, 1110, 6622, 257]],
    ["Hello, I am ", [15496, 11, 314, 716, 220]],
    ["😀", [47249, 222]],
    ["Hello \uFEFFworld", [15496, 27332, 119, 123, 6894]], // U+FEFF is no white space to tiktoken
    ["Hello \u0085world", [15496, 220, 126, 227, 6894]], // and U+0085 is
    ["", []],
  ])("%j", (text, ids) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  test("takes a typed <|endoftext|> as text", () => {
    const ids = tokenizer.encode("a<|endoftext|>b");
    expect(ids).not.toContain(tokenizer.endOfText);
    expect(tokenizer.decode(ids)).toBe("a<|endoftext|>b");
  });

  test("takes half a surrogate pair as U+FFFD", () => {
    expect(tokenizer.encode("a\ud83d")).toEqual(tokenizer.encode("a\ufffd"));
  });

  test("gives js-tiktoken's own ids", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.encode(text)).toEqual(plain.encode(text, [], []));
      }),
      { numRuns: 1000 },
    );
  });

  test("gives js-tiktoken's own ids for the longest pieces that it can do", () => {
    for (const unit of ["x", "=", " ", "\n", "31415926", "学生们打开笔记本", "😀", "Āé"]) {
      const text = unit.repeat(Math.ceil(400 / unit.length));
      expect(tokenizer.encode(` a${text}b 1`)).toEqual(plain.encode(` a${text}b 1`, [], []));
    }
  });
});

describe("decode", () => {
  test.each([
    [[27018], " Feature"],
    [[8582, 25081], "🙂"],
    [[8582], "\ufffd"],
    [[50256], "<|endoftext|>"],
    [[], ""],
  ])("%j", (ids, text) => {
    expect(tokenizer.decode(ids)).toBe(text);
  });

  test("undoes encode", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(throughUtf8(text));
      }),
      { numRuns: 1000 },
    );
  });

  test("keeps a byte order mark", () => {
    expect(tokenizer.decode(tokenizer.encode("\ufeffa"))).toBe("\ufeffa");
  });

  test("agrees with js-tiktoken on every id", () => {
    const differing = everyId.filter((id) => tokenizer.decode([id]) !== plain.decode([id]));
    expect(differing).toEqual([]);
  });

  test.each([-1, 50257, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses the id %d", (id) => {
    expect(() => tokenizer.decode([15496, id])).toThrow(
      expect.objectContaining({
        code: "id-out-of-range",
        message: expect.stringContaining("from 0 to 50256"),
      }),
    );
  });
});

describe("bytes", () => {
  test("of a token that is part of a character", () => {
    expect([...tokenizer.bytes(8582), ...tokenizer.bytes(25081)]).toEqual([
      ...new TextEncoder().encode("🙂"),
    ]);
  });

  test("are no whole characters for 344 of the tokens", () => {
    const isWhole = (id: number) => {
      try {
        return new TextDecoder("utf-8", { fatal: true }).decode(tokenizer.bytes(id)) !== "";
      } catch {
        return false;
      }
    };
    expect(everyId.filter((id) => !isWhole(id))).toHaveLength(344);
  });

  test("can be changed without harm", () => {
    tokenizer.bytes(15496).fill(0);
    expect(tokenizer.decode([15496])).toBe("Hello");
  });
});

describe("loadTokenizer", () => {
  test("gives the same tokenizer every time", async () => {
    expect(await loadTokenizer()).toBe(tokenizer);
  });

  test("says so when the files cannot be fetched, and tries again when asked again", async () => {
    vi.resetModules();
    const fresh = await import("./tokenizer.ts");
    vi.doMock("js-tiktoken/ranks/gpt2", () => {
      throw new TypeError("Failed to fetch dynamically imported module");
    });
    await expect(fresh.loadTokenizer()).rejects.toMatchObject({
      name: "NextTokenError",
      code: "tokenizer-not-loaded",
    });
    vi.doUnmock("js-tiktoken/ranks/gpt2");
    expect((await fresh.loadTokenizer()).encode("Hello")).toEqual([15496]);
  });
});
