import { describe, expect, test } from "vitest";
import notebook from "../../../tools/parity/notebook.json" with { type: "json" };
import shapes from "../../../tools/parity/shapes.json" with { type: "json" };
import small from "../../../tools/parity/small.json" with { type: "json" };
import { GPT_CONFIG_124M, type GPTConfig } from "../../config.ts";
import { type Fingerprint, fingerprints } from "../../test/fingerprints.ts";
import type { WeightChunk } from "../weight-source.ts";
import { seededWeights } from "./seeded.ts";

/** Two batches of 4 MiB and a bit: enough for a second chunk, and soon made. */
const twoBatches: GPTConfig = { ...small[0].config, vocab_size: 13_000 };

const sorted = (prints: readonly Fingerprint[]) => [...prints].sort((a, b) => (a.name < b.name ? -1 : 1));

/** How far a fingerprint may be from PyTorch's. */
function tolerance({ name, shape, sum_sq }: Fingerprint) {
  const size = shape.reduce((a, b) => a * b);
  // Linear layers and norms are equal bit by bit; only the order of the sum in f64 differs.
  if (!name.includes("emb")) return { value: 0, sum: 1e-9, sum_sq: 1e-12 * sum_sq };
  return {
    value: 2e-6,
    // PyTorch's logarithm, sine and cosine round otherwise than ours. Such errors are independent of each other: five
    // standard deviations of a sum of `size` of them, 1e-7 each, about one unit in the last place.
    sum: 5 * Math.sqrt(size) * 1e-7,
    // Even if all values were off in one direction by half a unit in the last place (2^-25 of the value).
    sum_sq: 2 ** -24 * sum_sq,
  };
}

describe("the weights are PyTorch's", () => {
  test.each([
    { title: "small model", ...small[0] },
    { title: "small model with qkv_bias", ...small[1] },
    { title: "shape of the small trained model", ...shapes[0] },
    { title: "model 60 wide, with qkv_bias", ...shapes[1] },
    { title: "the notebook's 124M model", ...notebook },
  ])("$title", { timeout: 60_000 }, async ({ seed, config, weights }) => {
    const source = seededWeights(seed, config);
    const prints = await fingerprints(source);
    expect(prints.map(({ name, shape }) => ({ name, shape }))).toEqual(
      sorted(weights).map(({ name, shape }) => ({ name, shape })),
    );
    sorted(weights).forEach((expected, i) => {
      const allowed = tolerance(expected);
      const check = (what: string, value: number, reference: number, error: number) => {
        expect(Math.abs(value - reference), `${expected.name} ${what}`).toBeLessThanOrEqual(error);
      };
      for (let j = 0; j < 4; j++) {
        check(`first[${j}]`, prints[i].first[j], expected.first[j], allowed.value);
        check(`last[${j}]`, prints[i].last[j], expected.last[j], allowed.value);
      }
      check("sum", prints[i].sum, expected.sum, allowed.sum);
      check("sum_sq", prints[i].sum_sq, expected.sum_sq, allowed.sum_sq);
    });
    expect(source.totalBytes).toBe(
      weights.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b), 0),
    );
    expect(source.peakBytes).toBeLessThanOrEqual(64e6);
  });

  // torch.manual_seed(4294967295); nn.Embedding(7, 5).weight.flatten()[-20:]; nn.Embedding(5, 5).weight.flatten()[:4]
  test("sizes that are no multiple of 16: the last 16 normals are drawn anew", async () => {
    const config = { ...small[0].config, vocab_size: 7, context_length: 5, emb_dim: 5, n_heads: 1 };
    const values = new Map<string, number[]>();
    for await (const { name, data } of seededWeights(4294967295, config).chunks())
      values.set(name, [...data]);
    const expected = {
      "tok_emb.weight": [
        0.1409096, 1.7933999, -0.8765852, -1.6460391, -1.4820665, -0.8636751, -0.1030163, -1.2180537,
        -0.9539583, 0.7631783, 2.1631944, -0.0317133, -1.1006033, 1.5622407, -1.8858197, -1.0488554,
        -0.7110392, 0.040371, -0.5323828, -0.4940646,
      ],
      "pos_emb.weight": [-0.5187579, -2.7693694, 1.1233884, -0.7222241],
    };
    const [tok_emb, pos_emb] = [values.get("tok_emb.weight")!.slice(-20), values.get("pos_emb.weight")!];
    for (const [i, value] of expected["tok_emb.weight"].entries()) expect(tok_emb[i]).toBeCloseTo(value, 6);
    for (const [i, value] of expected["pos_emb.weight"].entries()) expect(pos_emb[i]).toBeCloseTo(value, 6);
  });
});

describe("seeds", () => {
  test.each([-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])("%d is refused", (seed) => {
    expect(() => seededWeights(seed, GPT_CONFIG_124M)).toThrow(expect.objectContaining({ code: "bad-seed" }));
  });
});

describe("chunks", () => {
  test("are valid until the next is asked for, and the memory of one batch is all there is", async () => {
    const source = seededWeights(1, twoBatches);
    const kept: WeightChunk[] = [];
    for await (const chunk of source.chunks()) {
      expect(chunk.data.length).toBeGreaterThan(0);
      kept.push(chunk);
    }
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.every(({ data }) => data.length === 0)).toBe(true);
    expect(source.peakBytes).toBeLessThanOrEqual(512 * 1024);
  });

  test("can be asked for again, with the same values", async () => {
    const source = seededWeights(1, small[0].config);
    expect(await fingerprints(source)).toEqual(await fingerprints(source));
  });

  test("other seeds, other weights", async () => {
    const [a, b] = await Promise.all(
      [1, 2].map((seed) => fingerprints(seededWeights(seed, small[0].config))),
    );
    for (let i = 0; i < a.length; i++) {
      if (!a[i].name.includes("norm")) expect(a[i].first, a[i].name).not.toEqual(b[i].first);
    }
  });

  test("stop with `aborted`, before the first or between two", async () => {
    const early = fingerprints(seededWeights(1, twoBatches), AbortSignal.abort());
    await expect(early).rejects.toMatchObject({ code: "aborted" });

    const controller = new AbortController();
    let chunks = 0;
    const run = async () => {
      for await (const _ of seededWeights(1, twoBatches).chunks(controller.signal)) {
        chunks++;
        controller.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: "aborted" });
    expect(chunks).toBe(1);
  });
});
