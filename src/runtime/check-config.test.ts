import { describe, expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../config.ts";
import { checkConfig, checkMask } from "./check-config.ts";

const refused = expect.objectContaining({ name: "NextTokenError", code: "bad-config" });
const sizes = ["vocab_size", "context_length", "emb_dim", "n_heads", "n_layers"] as const;

describe("a configuration", () => {
  it("may be the notebook's", () => checkConfig(GPT_CONFIG_124M));

  it("may be as small as can be", () =>
    checkConfig({
      vocab_size: 1,
      context_length: 1,
      emb_dim: 1,
      n_heads: 1,
      n_layers: 1,
      drop_rate: 0,
      qkv_bias: true,
    }));

  it.each(sizes)("needs a whole %s above zero", (key) => {
    for (const size of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(() => checkConfig({ ...GPT_CONFIG_124M, [key]: size }), String(size)).toThrow(refused);
    }
    expect(() => checkConfig({ ...GPT_CONFIG_124M, [key]: "768" as unknown as number })).toThrow(refused);
    expect(() => checkConfig({ ...GPT_CONFIG_124M, [key]: undefined as unknown as number })).toThrow(refused);
    expect(() => checkConfig({ ...GPT_CONFIG_124M, [key]: 0 })).toThrow(new RegExp(`^${key} is 0`));
  });

  it("needs heads that share emb_dim out", () => {
    expect(() => checkConfig({ ...GPT_CONFIG_124M, n_heads: 5 })).toThrow(refused);
    expect(() => checkConfig({ ...GPT_CONFIG_124M, n_heads: 1536 })).toThrow(refused);
    checkConfig({ ...GPT_CONFIG_124M, n_heads: 768 });
  });

  it("needs a drop_rate from 0 to below 1", () => {
    for (const drop_rate of [-0.1, 1, 2, Number.NaN]) {
      expect(() => checkConfig({ ...GPT_CONFIG_124M, drop_rate }), String(drop_rate)).toThrow(refused);
    }
    for (const drop_rate of [0, 0.5, 0.999]) checkConfig({ ...GPT_CONFIG_124M, drop_rate });
  });

  it("needs to know whether there is a qkv_bias", () => {
    for (const qkv_bias of [undefined, null, 1, "false"] as unknown as boolean[]) {
      expect(() => checkConfig({ ...GPT_CONFIG_124M, qkv_bias }), String(qkv_bias)).toThrow(refused);
    }
  });
});

it("a mask is one of two", () => {
  checkMask("causal");
  checkMask("none");
  for (const mask of ["", "Causal", "full", "toString", undefined as unknown as string]) {
    expect(() => checkMask(mask), mask).toThrow(expect.objectContaining({ code: "bad-mask" }));
  }
});
