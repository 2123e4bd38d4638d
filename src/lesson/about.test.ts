import { expect, it } from "vitest";
import { aboutThis } from "./about.ts";
import { plain } from "./steps/sentence.ts";

it.each([
  ["seed:123", /weights are random, as in the notebook \(seed 123\): its text is nonsense\.$/],
  ["seed:7#precision=f16", /^GPT-2 \(124M\) runs .* \(seed 7\)/],
  [
    "seed:7#n_layers=4&n_heads=4&emb_dim=96&context_length=64",
    /^A GPT with 10,101,888 parameters runs .*\(seed 7\)/,
  ],
  ["seed:7#n_layers=0", /^A GPT runs in this browser, [^.]*\.$/],
  [
    "small",
    /^A small GPT, 4 layers and 96 numbers wide,.*trained for 12,000 steps on short English texts\.$/,
  ],
  ["small:0", /nobody has trained it yet/],
  ["gpt2", /Its weights come from a file\.$/],
  ["https://models.example/seed:5", /come from a file/],
])("%s", (model, sentence) => {
  expect(plain(aboutThis(model))).toMatch(sentence);
});
