import { expect, it } from "vitest";
import answers from "../../tools/parity/fixtures/pytorch/answers.json";
import bf16 from "../../tools/parity/fixtures/pytorch/bf16.pth?url";
import half from "../../tools/parity/fixtures/pytorch/half.pth?url";
import plain from "../../tools/parity/fixtures/pytorch/plain.pth?url";
import training from "../../tools/parity/fixtures/pytorch/training.pth?url";
import views from "../../tools/parity/fixtures/pytorch/views.pth?url";
import { fixtureFile } from "../test/fixture-file.ts";
import { maxAbsError } from "../test/matchers.ts";
import { ModelHandle } from "./model-handle.ts";

it.each(Object.entries({ plain, training, half, bf16, views }) as [keyof typeof answers, string][])(
  "%s.pth, as torch.save wrote it, answers as PyTorch does",
  async (name, url) => {
    const { config, idx, logits, generated } = answers[name];
    const { n_heads } = config;
    const model = await ModelHandle.fromCheckpoint(await fixtureFile(url), { config: { n_heads } });
    const { data, shape } = await model.forward(idx);
    const error = maxAbsError(data, logits.flat(2));
    console.log(`${name}.pth: largest error of the logits ${error.toExponential(1)}`);
    expect(shape).toEqual([2, 5, config.vocab_size]);
    expect(error).toBeLessThan(1e-4);
    const next = generated.map((row) => row[idx[0]!.length]);
    const { vocab_size } = config;
    const best = [4, 9].map((row) => argmax(data.subarray(row * vocab_size, (row + 1) * vocab_size)));
    expect(best).toEqual(next);
    model.destroy();
  },
);

const argmax = (row: Float32Array): number => row.indexOf(Math.max(...row));
