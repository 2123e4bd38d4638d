import { expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../config.ts";
import { checkContextSize, checkMaxNewTokens, checkTopK } from "./check-options.ts";

const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });
const noCounts = [
  -1,
  0.5,
  Number.NaN,
  Infinity,
  2 ** 53,
  "4" as unknown as number,
  null as unknown as number,
];

it("max_new_tokens is a whole number, zero or more", () => {
  for (const count of [0, 1, 100_000]) checkMaxNewTokens(count);
  for (const count of noCounts) {
    expect(() => checkMaxNewTokens(count), String(count)).toThrow(failure("bad-max-new-tokens"));
  }
});

it("context_size is a whole number from 1 to the model's context_length", () => {
  for (const size of [1, 4, 1024]) checkContextSize(size, GPT_CONFIG_124M);
  for (const size of [0, 1025, ...noCounts]) {
    expect(() => checkContextSize(size, GPT_CONFIG_124M), String(size)).toThrow(failure("bad-context-size"));
  }
});

it("topK is a whole number, zero or more", () => {
  for (const k of [0, 1, 10, 100_000]) checkTopK(k);
  for (const k of noCounts) expect(() => checkTopK(k), String(k)).toThrow(failure("bad-option"));
});
