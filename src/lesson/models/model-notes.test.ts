import { expect, it } from "vitest";
import { modelNotes } from "./model-notes.ts";

const noted = (vocab_size: number) =>
  modelNotes({ notes: ["Left out."], config: { context_length: 64, vocab_size, n_layers: 2, n_heads: 2 } });

it.each([50258, 400])("a vocabulary of %d is noted, since it is not GPT-2's", (vocab_size) => {
  expect(noted(vocab_size)).toEqual(["Left out.", expect.stringContaining("may not be")]);
});

it("GPT-2's own is not", () => expect(noted(50257)).toEqual(["Left out."]));
