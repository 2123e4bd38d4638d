import { describe, expect, it } from "vitest";
import { tokenizer } from "../../test/fake-backend.ts";
import type { Iteration } from "../iteration.ts";
import type { Station } from "../playhead.ts";
import { plain } from "./sentence.ts";
import { whatHappened } from "./what-happened.ts";

const best = { id: 72, logit: 2.5, probability: 0.0002 };
const second = { id: 105, logit: 2.4, probability: 0.00015 };
const iteration: Iteration = {
  station: 7,
  step: 0,
  target: 10,
  batch: 1,
  ids: [65, 66, 67, 68],
  dropped: 0,
  isRecorded: true,
  sampling: undefined,
  allChosen: [72],
  result: {
    top: [best, second],
    chosen: best,
    logits: { min: -2.25, max: 2.5, bins: [50_000, 257], entropy: 15, logSumExp: 11 },
    computed: 4,
    milliseconds: 1,
    isFirstOfRun: true,
    draw: undefined,
  },
};
const reader = {
  tokenizer,
  visible: (id: number) => tokenizer.decode([id]).replaceAll(" ", "·").replace("\uFFFD", "<half>"),
};
const said = (station: Station, change: Partial<Iteration> = {}) =>
  plain(whatHappened(station, { ...iteration, ...change }, reader));
const chosen = (id: number) => ({ result: { ...iteration.result!, chosen: { ...best, id } } });

describe("the input", () => {
  it.each([
    [{}, "The model reads all 4 tokens."],
    [{ ids: [65] }, "The text is one token; the model reads it."],
    [{ dropped: 2 }, "The text has 4 tokens; the model reads the last 2, because context_size is 2."],
  ])("%o", (change, sentence) => {
    expect(said(1, change)).toBe(sentence);
  });
});

describe("the output", () => {
  it("tells which row scores what, and names the last", () => {
    expect(said(2)).toBe(
      "Row p of the logits scores what may follow token p. " +
        "The last row, 3, scores what may follow D: from −2.2500 to 2.5000.",
    );
    expect(said(2, { dropped: 2 })).toMatch(/The last row, 1, scores what may follow D/);
  });

  it("has one row for one token", () => {
    expect(said(2, { ids: [68] })).toBe(
      "The one row of logits scores every token as the one that may follow D: from −2.2500 to 2.5000.",
    );
  });
});

it("the softmax is told by the largest, beside the even guess", () => {
  expect(said(3)).toBe(
    "Only the last row is used: e to its largest logit, 2.5000, over the sum of e to all 50,257 " +
      "is 0.0200 %, for H; an even guess is 0.00199 %.",
  );
});

describe("the selection", () => {
  it.each([
    [0.0001, "2.00 times"],
    [0.00019999, "1.000050 times"],
    [0.000199, "1.0050 times"],
    [0.0000000002, "1,000,000 times"],
  ])("ahead of a second of %d by a ratio that does not read as 1", (probability, ratio) => {
    const result = { ...iteration.result!, top: [best, { ...second, probability }] };
    expect(said(4, { result })).toBe(`Index 72 has the largest probability, ${ratio} that of the second, i.`);
  });

  it("names the ids of all rows of a batch", () => {
    expect(said(4, { batch: 2, allChosen: [72, 105] })).toMatch(
      /For all rows, idx_next is \[\[72\], \[105\]\]\.$/,
    );
  });

  it("of a vocabulary of one token", () => {
    const result = { ...iteration.result!, top: [best] };
    expect(said(4, { result })).toBe("Index 72 has the largest probability.");
  });
});

describe("where the token is drawn", () => {
  const draw = {
    ...{ id: 105, uniform: 0.4173, from: 0.41, to: 0.43, kept: 20, min_val: 2.4, entropy: 3, rank: 1 },
    ...{ logSumExp: 14.5, temperature: 0.2 },
  };
  const drawn = (change: Partial<typeof draw> = {}) => ({
    result: { ...iteration.result!, draw: { ...draw, ...change } },
  });

  it("the softmax tells temperature and top k, and what they change", () => {
    expect(said(3, drawn())).toBe(
      "The last row is divided by the temperature 0.2 and all but its 20 largest logits become −∞: " +
        "H has 13.5 %; without this it had 0.0200 %.",
    );
    expect(said(3, drawn({ kept: 50257, min_val: -9 }))).toBe(
      "The last row is divided by the temperature 0.2: H has 13.5 %; without this it had 0.0200 %.",
    );
  });

  it("the number does not read as an end of its stretch", () => {
    expect(said(4, drawn({ uniform: 0.41000004, from: 0.41, to: 0.41000009 }))).toContain(
      "The number 0.41000004 was drawn between 0 and 1. From 0.41000000 to 0.41000009 it means",
    );
  });

  it("the selection tells the number, and the stretch that it fell into", () => {
    expect(said(4, drawn())).toBe(
      "The number 0.417300 was drawn between 0 and 1. " +
        "From 0.410000 to 0.430000 it means index 105, whose probability is 2.00 %.",
    );
  });
});

describe("the decoding", () => {
  it.each([
    [72, "Entry 72 of the vocabulary is H: no space stands before it."],
    [32, "Entry 32 of the vocabulary is ·, whose dot stands for a space."],
    [
      300,
      "Entry 300 of the vocabulary is <half> (bytes f0 9f): a part of a character, whose rest comes with the next token.",
    ],
  ])("of id %d", (id, sentence) => {
    expect(said(5, chosen(id))).toBe(sentence);
  });

  it("of the rest of a character", () => {
    const change = { ...chosen(301), ids: [65, 300] };
    expect(said(5, change)).toMatch(/\(bytes 99 82\): the rest of a character that began before\.$/);
  });
});

it("the update tells how idx has grown", () => {
  expect(said(6, { batch: 2 })).toBe("idx grew from [2, 4] to [2, 5].");
});

it("the loop goes on, or is over", () => {
  expect(said(7, { step: 8 })).toBe("Iteration 9 of 10 is over. The next one reads all 5 tokens.");
  expect(said(7, { step: 9 })).toBe("All 10 tokens are appended: the loop is over and returns idx, [1, 5].");
});
