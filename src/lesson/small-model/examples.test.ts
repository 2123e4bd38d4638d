import { expect, it } from "vitest";
import { loadTokenizer } from "../../tokenizer/tokenizer.ts";
import { examples } from "./examples.ts";
import { otherModel } from "./other-model.ts";
import { seenTokens, snapshotAt } from "./record.ts";
import { FINISHED, SMALL_CONFIG } from "./snapshots.ts";
import { unseenNotes } from "./unseen.ts";

it("has one for each kind of task that was recorded", () => {
  const recorded = Object.keys(snapshotAt(FINISHED)!.accuracy!);
  expect(examples.map(({ kind }) => kind).sort()).toEqual(recorded.sort());
});

it("is made of tokens that the model has seen, fits its context, and ends where one token is the answer", async () => {
  const tokenizer = await loadTokenizer();
  for (const { prompt, answer } of examples) {
    const ids = tokenizer.encode(prompt);
    const answerIds = tokenizer.encode(answer);
    expect(answerIds, answer).toHaveLength(1);
    expect(ids.length, prompt).toBeLessThan(SMALL_CONFIG.context_length);
    expect(tokenizer.encode(prompt + answer)).toEqual([...ids, ...answerIds]);
    for (const id of [...ids, ...answerIds]) expect(seenTokens, tokenizer.decode([id])).toContain(id);
  }
});

it("says of a prompt what in it was never seen", async () => {
  const tokenizer = await loadTokenizer();
  const notesOf = (text: string, seen: ReadonlySet<number> | undefined = seenTokens) =>
    unseenNotes(tokenizer.encode(text), seen, tokenizer);
  expect(notesOf(examples[0]!.prompt)).toEqual([]);
  expect(notesOf("Hello, I am", new Set(tokenizer.encode("Hello, I am")))).toEqual([]);
  expect(notesOf("The zebra")).toEqual([
    expect.stringMatching(/^The small model never saw “z” and 1 more of these tokens in training/),
  ]);
  expect(unseenNotes([50256], new Set([1]), tokenizer)).toEqual([
    expect.stringMatching(/never saw “<\|endoftext\|>” in training/),
  ]);
  expect(unseenNotes(tokenizer.encode("The zebra"), undefined, tokenizer)).toEqual([]);
});

it("leads from any model to the small one and back to the notebook's; what was typed stays", () => {
  const there = otherModel("seed:123", ["Hello, I am", "My own words"]);
  expect(there).toMatchObject({ model: "small", prompts: [examples[0]!.prompt, "My own words"] });
  const back = otherModel("small:500#precision=f16", there.prompts);
  expect(back).toMatchObject({ model: "seed:123", prompts: ["Hello, I am", "My own words"] });
  expect(otherModel("gpt2", ["x"]).model).toBe("small");
});
