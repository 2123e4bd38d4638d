import { describe, expect, it } from "vitest";
import { checkConfig, parameterCount } from "./check-config.ts";
import { GPT_CONFIG_124M } from "./config.ts";

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

describe("a configuration of any size", () => {
  const xl = { ...GPT_CONFIG_124M, emb_dim: 1600, n_heads: 25, n_layers: 48, qkv_bias: true };

  it("may be that of GPT-2 XL", () => checkConfig(xl));

  it("is refused where it is absurd, at once, with its size and what to do", () => {
    const absurd = [
      { n_layers: 1e9, emb_dim: 1, n_heads: 1 },
      { n_layers: Number.MAX_SAFE_INTEGER },
      { vocab_size: Number.MAX_SAFE_INTEGER },
      { context_length: Number.MAX_SAFE_INTEGER, emb_dim: 1, n_heads: 1 },
      { emb_dim: Number.MAX_SAFE_INTEGER, n_heads: 1 },
      { emb_dim: 2 ** 40, n_heads: 2 ** 20, vocab_size: 2 ** 50, context_length: 2 ** 50 },
      { ...xl, n_layers: 96 },
    ];
    for (const change of absurd) {
      const start = performance.now();
      expect(() => checkConfig({ ...GPT_CONFIG_124M, ...change }), JSON.stringify(change)).toThrow(refused);
      expect(performance.now() - start).toBeLessThan(50);
    }
    expect(() => checkConfig({ ...xl, n_layers: 96 })).toThrow(
      "This model would have 3.11 billion parameters; at most 2 billion are made from a seed, 8 GB in f32. Choose",
    );
    expect(() => checkConfig({ ...GPT_CONFIG_124M, vocab_size: Number.MAX_SAFE_INTEGER })).toThrow(
      /more than a thousand billion parameters/,
    );
    expect(() => checkConfig({ ...GPT_CONFIG_124M, n_layers: 257 })).toThrow(
      /n_layers is 257; .* at most 256\. Choose/,
    );
    checkConfig({ ...GPT_CONFIG_124M, n_layers: 256, emb_dim: 48 });
  });

  it("has as many parameters as PyTorch counts", () => {
    expect(parameterCount(GPT_CONFIG_124M)).toBe(163_009_536);
    expect(parameterCount({ ...GPT_CONFIG_124M, qkv_bias: true })).toBe(163_009_536 + 12 * 3 * 768);
  });
});
