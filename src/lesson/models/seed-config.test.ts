import { expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../../config.ts";
import { configKeys, seedConfig } from "./seed-config.ts";

const refused = expect.objectContaining({ name: "NextTokenError", code: "bad-config" });

it("has the notebook's keys, in its order", () => expect(configKeys).toEqual(Object.keys(GPT_CONFIG_124M)));

it("is the notebook's where nothing is said, and takes each of its keys", () => {
  expect(seedConfig("")).toEqual(GPT_CONFIG_124M);
  expect(seedConfig("precision=f16")).toEqual(GPT_CONFIG_124M);
  expect(
    seedConfig(
      "qkv_bias=True&drop_rate=0&n_layers=4&n_heads=6&emb_dim=96&context_length=64&vocab_size=1000&precision=f16",
    ),
  ).toEqual({
    vocab_size: 1000,
    context_length: 64,
    emb_dim: 96,
    n_heads: 6,
    n_layers: 4,
    drop_rate: 0,
    qkv_bias: true,
  });
  for (const [text, value] of Object.entries({ true: true, True: true, false: false, False: false }))
    expect(seedConfig(`qkv_bias=${text}`).qkv_bias, text).toBe(value);
  for (const [text, value] of Object.entries({ "0": 0, "0.0": 0, "0.1": 0.1, "0.25": 0.25 }))
    expect(seedConfig(`drop_rate=${text}`).drop_rate, text).toBe(value);
});

it.each(["vocab_size", "context_length", "emb_dim", "n_heads", "n_layers"])(
  "%s is digits, above zero",
  (key) => {
    const bad = [
      "",
      "0",
      "-1",
      "+1",
      "%2B1",
      " 1",
      "1 ",
      "1.0",
      "1e3",
      "0x10",
      "012",
      "1_000",
      "1,000",
      "１",
      "NaN",
    ];
    for (const text of [...bad, "Infinity", "true", "9".repeat(400)])
      expect(() => seedConfig(`${key}=${text}`), text).toThrow(refused);
    expect(() => seedConfig(`${key}=1e3`)).toThrow(
      `${key} is "1e3"; it must be a whole number in plain digits, such as 12.`,
    );
  },
);

it("drop_rate is a number below 1, qkv_bias is true or false", () => {
  for (const text of ["", "1", "2.0", "-0.1", ".1", "0.", "1e-1", "0,1", "NaN"])
    expect(() => seedConfig(`drop_rate=${text}`), text).toThrow(refused);
  for (const text of ["", "1", "0", "TRUE", "yes", "constructor"])
    expect(() => seedConfig(`qkv_bias=${text}`), text).toThrow(refused);
});

it("other keys are refused by name, with those that there are", () => {
  expect(() => seedConfig("n_layer=4")).toThrow(
    'A seed\'s model has no "n_layer". It has vocab_size, context_length, emb_dim, n_heads, n_layers, drop_rate, qkv_bias and precision.',
  );
  for (const key of ["__proto__", "constructor", "toString", "N_LAYERS", "n_layers ", "", "seed", "mask"])
    expect(() => seedConfig(`${encodeURIComponent(key)}=4`), key).toThrow(refused);
  expect(Object.getPrototypeOf(seedConfig("n_layers=4"))).toBe(Object.prototype);
});

it("what is refused is told in a line, with nothing invisible in it", () => {
  const told = (fragment: string) => {
    try {
      seedConfig(fragment);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("It was not refused.");
  };
  expect(told(`${"x".repeat(5000)}=4`).length).toBeLessThan(300);
  expect(told("n_layers=\u202E4")).toContain("\\\\u{202e}4");
});

it("a key that stands there twice is refused, whatever it says", () => {
  expect(() => seedConfig("n_layers=4&n_layers=4")).toThrow('"n_layers" stands there more than once.');
  expect(() => seedConfig("precision=f16&precision=f16")).toThrow(refused);
});

it("what no model can have, or nobody waits for, is refused at once", () => {
  for (const fragment of [
    "n_heads=5",
    "n_layers=1000000000",
    "n_layers=999999999999999&emb_dim=1&n_heads=1",
    "vocab_size=999999999999999",
    "context_length=999999999999999&emb_dim=1&n_heads=1",
    "emb_dim=999999999999999&n_heads=1",
    "emb_dim=999999999999999&n_heads=999999999999999&vocab_size=999999999999999",
  ]) {
    const start = performance.now();
    expect(() => seedConfig(fragment), fragment).toThrow(refused);
    expect(performance.now() - start, fragment).toBeLessThan(50);
  }
});
