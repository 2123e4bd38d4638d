import { expect, it } from "vitest";
import { aboutThis } from "./about.ts";
import { plain } from "./steps/sentence.ts";

it.each([
  ["seed:123", /weights are random, as in the notebook \(seed 123\): its text is nonsense\. See/],
  ["seed:7#precision=f16", /\(seed 7\)/],
  ["gpt2", /Its weights come from a file\. See it choose each token\.$/],
  ["https://models.example/seed:5", /come from a file/],
])("%s", (model, sentence) => {
  expect(plain(aboutThis(model))).toMatch(sentence);
});
