import { describe, expect, it } from "vitest";
import smallModels from "../../tools/parity/small.json";
import type { Mask } from "../config.ts";
import type { ModelHandle } from "../runtime/model-handle.ts";
import { appended, stepsOf } from "../test/ids.ts";
import { otherChoices, withModel } from "../test/models.ts";
import { generateTextSimple } from "./generate-text-simple.ts";

// The ids that two small models choose, against PyTorch's: a batch of three, on beyond the context length.

/** [B, T] in, [B, T + maxNewTokens] out. */
type Loop = (
  model: ModelHandle,
  idx: number[][],
  maxNewTokens: number,
  contextSize: number,
) => Promise<number[][]>;

const stream =
  (kvCache: boolean): Loop =>
  async (model, idx, maxNewTokens, contextSize) =>
    appended(idx, await stepsOf(model, idx, { maxNewTokens, contextSize, kvCache, topK: 0 }));

const loops: [name: string, loop: Loop][] = [
  ["generate with a KV cache", stream(true)],
  ["generate without a KV cache", stream(false)],
  ["generateTextSimple", generateTextSimple],
];

describe.each(smallModels)("seed $seed", (fixture) => {
  const { seed, config, idx } = fixture;

  /** 40 ids, on beyond the context length, and 12 chosen from the last four alone. */
  const check = (mask: Mask, loop: Loop) =>
    withModel({ seed, config, mask }, async (model) => {
      const { generated, generated_context_size_4 } = fixture[mask];
      expect(idx[0].length + 40).toBeGreaterThan(config.context_length);
      expect(await loop(model, idx, 40, config.context_length)).toEqual(generated);
      expect(await loop(model, idx, 12, 4)).toEqual(generated_context_size_4);
    });

  it.each(loops)("chooses PyTorch's ids, mask causal, %s", (_, loop) => check("causal", loop));

  // Without a mask there is no cache to switch off.
  it.each(loops.slice(1))("chooses PyTorch's ids, mask none, %s", (_, loop) => check("none", loop));

  // Ten ids: on in the cache, and with the second model beyond its context length. These kernels are slow in software.
  it.each(otherChoices)("chooses PyTorch's ids, kernels by %s", (kernels) =>
    withModel({ seed, config, kernels }, async (model) => {
      const ids = await stream(true)(model, idx, 10, config.context_length);
      expect(ids).toEqual(fixture.causal.generated.map((row) => row.slice(0, 19)));
    }),
  );
});
