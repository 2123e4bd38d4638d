import { expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../../config.ts";
import { modelNotes } from "./model-notes.ts";

const noted = (vocab_size: number) =>
  modelNotes({ notes: ["Left out."], config: { ...GPT_CONFIG_124M, vocab_size } });

it.each([50258, 400])("a vocabulary of %d is noted, since it is not GPT-2's", (vocab_size) => {
  expect(noted(vocab_size)).toEqual(["Left out.", expect.stringContaining("may not be")]);
});

it("GPT-2's own is not", () => expect(noted(50257)).toEqual(["Left out."]));
