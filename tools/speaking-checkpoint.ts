import { type CheckpointRecipe, madeTensors } from "../src/test/checkpoint-maker.ts";
import { f32Bytes, safetensorsFile } from "../src/test/safetensors-file.ts";

const recipe: CheckpointRecipe = {
  vocab_size: 50257,
  n_positions: 64,
  n_embd: 64,
  n_layer: 1,
  n_head: 1,
  seed: 0,
};

/**
 * A checkpoint that says `ids`, one after the other, after any prompt of `after` tokens: the i-th position that speaks
 * points along dimension i, and so does the token to be said there. Its block adds nothing.
 */
export function speakingCheckpoint(ids: readonly number[], after: number): Uint8Array<ArrayBuffer> {
  const { n_embd } = recipe;
  const values = new Map(
    madeTensors(recipe).map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce((product, length) => product * length, 1)),
    ]),
  );
  values.get("ln_f.weight")!.fill(1);
  for (const [i, id] of ids.entries()) {
    values.get("wte.weight")![id * n_embd + i] = 1;
    values.get("wpe.weight")![(after - 1 + i) * n_embd + i] = 100;
  }
  return safetensorsFile(
    madeTensors(recipe).map(({ name, dtype, shape }) => ({
      name,
      dtype,
      shape,
      bytes: f32Bytes(values.get(name)!),
    })),
  );
}
