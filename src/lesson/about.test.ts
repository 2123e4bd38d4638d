import { expect, it } from "vitest";
import { aboutThis } from "./about.ts";
import { plain } from "./steps/sentence.ts";

it.each([
  ["seed:123", /random weights, as the notebook starts them \(seed 123\), so the text will be nonsense/],
  ["seed:7#precision=f16", /\(seed 7\)/],
  ["gpt2", /Its weights come from a file\. Watch how each token is chosen\.$/],
  ["https://models.example/seed:5", /come from a file/],
])("%s", (model, sentence) => {
  expect(plain(aboutThis(model))).toMatch(sentence);
});
