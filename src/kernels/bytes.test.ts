import { describe, expect, it } from "vitest";
import type { DispatchInfo } from "../device/recording.ts";
import { activationBytes, bytesRead, wholeWeights } from "./bytes.ts";

/** A dispatch of a kernel that reads `sizes` and writes y. */
function dispatch(
  label: string,
  sizes: Record<string, number>,
  dims: Record<string, number> = {},
  constants: Record<string, number> = {},
): DispatchInfo {
  const names = Object.keys(sizes);
  const declarations = names.map(
    (name, i) => `@group(0) @binding(${i + 1}) var<storage, read> ${name}: array<f32>;`,
  );
  const wgsl = `${declarations.join("\n")}\n@group(0) @binding(9) var<storage, read_write> y: array<f32>;`;
  const buffers = Object.fromEntries([...names, "y"].map((name) => [name, { size: sizes[name] ?? 1e9 }]));
  return {
    kernel: { label, wgsl, bindings: [...names, "y"], dims: Object.keys(dims), workgroups: () => [1] },
    constants,
    dims,
    buffers: buffers as unknown as Record<string, GPUBuffer>,
    workgroups: [1, 1, 1],
  };
}

describe("bytesRead", () => {
  it("counts weights, and neither activations nor what is written", () => {
    const linear = dispatch("matvec", { x: 3072, w: 4000, bias: 40, shortcut: 3072 }, {}, { has_bias: 1 });
    expect(bytesRead([linear], 1)).toBe(4040);
  });

  it("leaves out the buffer that stands in for a bias", () => {
    const linear = dispatch("matvec", { x: 3072, w: 4000, bias: 3072 }, {}, { has_bias: 0 });
    expect(bytesRead([linear], 1)).toBe(4000);
  });

  it("counts keys and values of kv_len tokens, for every row of the batch", () => {
    const batch = 2;
    const emb_dim = 8;
    const size = batch * 1024 * emb_dim * 4;
    const attention = dispatch(
      "flash-attention",
      { q: 64, k: size, v: size, cache_len: 4 },
      { capacity: 1024 },
    );
    expect(bytesRead([attention], 17)).toBe(2 * batch * 17 * emb_dim * 4);
  });

  it("counts one row a token of each table of an embedding, in the table's own precision", () => {
    const embedding = dispatch(
      "embedding (vec4)",
      { idx: 4, w: 50257 * 768 * 2, pos_emb: 1024 * 768 * 4, cache_len: 4 },
      { num_rows: 3, emb_dim: 768, num_ids: 50257 },
    );
    expect(bytesRead([embedding], 17)).toBe(3 * (768 * 2 + 768 * 4));
  });

  it("adds up dispatches", () => {
    const norm = dispatch("layer-norm", { x: 3072, scale: 3072, shift: 3072 });
    expect(bytesRead([norm, norm], 1)).toBe(4 * 3072);
  });

  it("refuses a binding that it does not know", () => {
    expect(() => bytesRead([dispatch("new", { scales: 4 })], 1)).toThrow("new read through scales");
  });
});

describe("wholeWeights", () => {
  it("finds the buffers that a kernel streams", () => {
    const linear = dispatch("matvec", { x: 8, w: 4000, bias: 40 }, {}, { has_bias: 1 });
    expect(wholeWeights(linear).map(({ size }) => size)).toEqual([4000, 40]);
  });

  it("finds none in an embedding, which picks rows", () => {
    expect(wholeWeights(dispatch("embedding (vec4)", { w: 4000 }))).toEqual([]);
  });
});

describe("activationBytes", () => {
  it("counts the rows that a product reads and writes, and its shortcut where it has one", () => {
    const dims = { num_rows: 2, in_dim: 8, out_dim: 12 };
    const sizes = { x: 999, w: 999, shortcut: 999 };
    const with_shortcut = dispatch("matvec", sizes, dims, { has_shortcut: 1 });
    expect(activationBytes(with_shortcut)).toEqual({ read: 4 * (2 * 8 + 2 * 12), written: 4 * 2 * 12 });
    const without = dispatch("matvec", sizes, dims, { has_shortcut: 0 });
    expect(activationBytes(without)).toEqual({ read: 4 * 2 * 8, written: 4 * 2 * 12 });
  });

  it("counts what attention reads of its queries by the heads", () => {
    const dims = { batch: 2, num_tokens: 3, n_heads: 4, capacity: 9 };
    const attention = dispatch("flash-attention", { q: 9, k: 9, v: 9, cache_len: 4 }, dims, { head_dim: 5 });
    expect(activationBytes(attention)).toEqual({ read: 4 * (2 * 3 * 20 + 1), written: 4 * 2 * 3 * 20 });
  });

  it("counts what the splits of attention come to", () => {
    const sizes = { partials: 9, stats: 9, cache_len: 4 };
    const combine = dispatch("combine", sizes, { num_rows: 2, n_heads: 4, head_dim: 5, splits: 3 });
    expect(activationBytes(combine)).toEqual({ read: 4 * (2 * 3 * (20 + 8) + 1), written: 4 * 2 * 20 });
    expect(bytesRead([combine], 17)).toBe(0);
  });

  it("refuses sizes that it does not know", () => {
    expect(() => activationBytes(dispatch("new", { x: 4 }, { n: 4 }))).toThrow(
      "How much of x does new touch",
    );
  });
});
