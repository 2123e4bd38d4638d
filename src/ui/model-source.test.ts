import { expect, it } from "vitest";
import { seedOf } from "./model-source.ts";

it.each([
  ["seed:123", 123],
  ["seed:0", 0],
  ["seed:4294967295", 4294967295],
])("%s", (source, seed) => expect(seedOf(source)).toBe(seed));

it.each(["seed:", "seed:-1", "seed:1.5", "seed:1e3", "seed: 1", "seed:4294967296", "seed:abc"])(
  "refuses %s",
  (source) => expect(() => seedOf(source)).toThrow(expect.objectContaining({ code: "bad-seed" })),
);

it.each(["", "123", "https://example.org/gpt2.safetensors"])("does not know %s", (source) =>
  expect(() => seedOf(source)).toThrow(expect.objectContaining({ code: "bad-option" })),
);
