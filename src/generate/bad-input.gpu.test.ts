import { describe, expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../config.ts";
import type { NextTokenErrorCode } from "../errors.ts";
import { ModelHandle } from "../runtime/model-handle.ts";
import { stepsOf } from "../test/ids.ts";
import { tiny, withModel } from "../test/models.ts";
import { generate } from "./generate.ts";
import { generateTextSimple } from "./generate-text-simple.ts";

// What a lesson, a page or a student may get wrong, at each door of the public API.

const failure = (code: NextTokenErrorCode) => expect.objectContaining({ name: "NextTokenError", code });

const batches: [what: string, idx: number[][], code: NextTokenErrorCode][] = [
  ["an id beyond the vocabulary", [[1, 61]], "id-out-of-range"],
  ["a negative id", [[-1]], "id-out-of-range"],
  ["half an id", [[0.5]], "id-out-of-range"],
  ["no number", [[Number.NaN]], "id-out-of-range"],
  ["rows of different lengths", [[1, 2], [1]], "ragged-batch"],
  ["an empty row", [[]], "empty-row"],
  ["no row", [], "empty-row"],
];

it.each(batches)("%s is refused", (_, idx, code) =>
  withModel(tiny, async (model) => {
    expect(() => model.forward(idx)).toThrow(failure(code));
    await expect(generate(model, idx).next()).rejects.toEqual(failure(code));
    await expect(generateTextSimple(model, idx, 1, 8)).rejects.toEqual(failure(code));
  }),
);

describe("generating", () => {
  it.each([-1, 1.5, Number.NaN, Infinity])("%s tokens is refused", (count) =>
    withModel(tiny, async (model) => {
      const refused = failure("bad-max-new-tokens");
      await expect(stepsOf(model, [[1]], { maxNewTokens: count })).rejects.toEqual(refused);
      await expect(generateTextSimple(model, [[1]], count, 8)).rejects.toEqual(refused);
    }),
  );

  it.each([0, -1, 9, 2.5, Number.NaN])("from a context of %s tokens is refused", (size) =>
    withModel(tiny, async (model) => {
      const refused = failure("bad-context-size");
      await expect(stepsOf(model, [[1]], { contextSize: size })).rejects.toEqual(refused);
      await expect(generateTextSimple(model, [[1]], 1, size)).rejects.toEqual(refused);
    }),
  );

  it.each([-1, 1.5, Number.NaN])("with %s candidates is refused", (topK) =>
    withModel(tiny, async (model) => {
      await expect(stepsOf(model, [[1]], { topK })).rejects.toEqual(failure("bad-option"));
    }),
  );

  it("no tokens, in the notebook's loop, gives the rows back", () =>
    withModel(tiny, async (model) => {
      expect(await generateTextSimple(model, [[1, 2]], 0, 8)).toEqual([[1, 2]]);
    }));
});

describe("building", () => {
  it.each([-1, 1.5, 2 ** 32, Number.NaN, "123" as unknown as number])(
    "from the seed %s is refused",
    async (seed) => {
      await expect(ModelHandle.fromSeed(seed, tiny.config)).rejects.toEqual(failure("bad-seed"));
    },
  );

  it.each([
    { n_heads: 5 },
    { emb_dim: 0 },
    { n_layers: 1.5 },
    { drop_rate: 1 },
    { vocab_size: 1, emb_dim: 1, n_heads: 1 }, // fewer values than PyTorch's usual way of drawing needs
  ])("with %o is refused", async (wrong) => {
    await expect(ModelHandle.fromSeed(1, { ...tiny.config, ...wrong })).rejects.toEqual(
      failure("bad-config"),
    );
  });

  it("with an unknown mask is refused", async () => {
    const mask = "full" as unknown as "none";
    await expect(ModelHandle.fromSeed(1, GPT_CONFIG_124M, { mask })).rejects.toEqual(failure("bad-mask"));
  });
});

it("a model that was destroyed refuses everything", () =>
  withModel(tiny, async (model) => {
    model.destroy();
    expect(() => model.forward([[1]])).toThrow(failure("destroyed"));
    await expect(stepsOf(model, [[1]], {})).rejects.toEqual(failure("destroyed"));
    await expect(generateTextSimple(model, [[1]], 1, 8)).rejects.toEqual(failure("destroyed"));
  }));
