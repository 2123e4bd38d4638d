/**
 * Makes a checkpoint of Hugging Face's GPT-2 layout, with config.json, from a recipe:
 *
 *     npx tsx tools/make-checkpoint.ts small  tools/parity/fixtures/checkpoint-small
 *     npx tsx tools/make-checkpoint.ts 124M   .cache/checkpoint-124M                    (548 MB, a few seconds)
 *
 * What PyTorch computes with it: tools/parity/checkpoint_reference.py.
 */
import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { type CheckpointRecipe, checkpointBlocks, configJson } from "../src/test/checkpoint-maker.ts";
import { recipes } from "../src/test/checkpoint-recipes.ts";
import { dict, emptyList, text } from "../src/test/pickle-bytes.ts";
import { archived, stateDict } from "../src/test/pytorch-file.ts";
import { relaidCheckpoint, relaidFile } from "../src/test/relaid-checkpoint.ts";
import { zipFile } from "../src/test/zip-file.ts";

/** Writes model.safetensors and config.json; returns the former's SHA-256 and length. */
export async function makeCheckpoint(
  recipe: CheckpointRecipe,
  directory: string,
): Promise<{ sha256: string; bytes: number }> {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "config.json"), configJson(recipe));
  const hash = createHash("sha256");
  let bytes = 0;
  const blocks = function* () {
    for (const block of checkpointBlocks(recipe)) {
      hash.update(block);
      bytes += block.byteLength;
      yield block;
    }
  };
  await pipeline(Readable.from(blocks()), createWriteStream(join(directory, "model.safetensors")));
  return { sha256: hash.digest("hex"), bytes };
}

/** The same for a recipe of src/test/checkpoint-recipes.ts, by its name. */
export function makeByName(name: string, directory: string): ReturnType<typeof makeCheckpoint> {
  const recipe = recipes[name];
  if (!recipe) throw new Error(`There is no recipe ${name}; there are ${Object.keys(recipes).join(", ")}.`);
  return makeCheckpoint(recipe, directory);
}

/** The weights of a recipe with the notebook's names, wrapped as a compiled model on several GPUs wraps them. */
export async function makeAsNotebook(name: string, file: string): Promise<void> {
  const bytes = relaidFile(recipes[name]!, "notebook", (tensor) => `module._orig_mod.${tensor}`);
  writeFileSync(file, new Uint8Array(await bytes.arrayBuffer()));
}

/** The same as `torch.save` writes it amid a training: the model's weights under a key, beside the state of the optimizer. */
export function makeAsTraining(name: string, file: string): void {
  const tensors = relaidCheckpoint(recipes[name]!, "notebook", (tensor) => `_orig_mod.${tensor}`);
  const value = dict(
    [text("model_state_dict"), stateDict(tensors)],
    [text("optimizer_state_dict"), dict([text("param_groups"), emptyList])],
  );
  const storages = Object.fromEntries(tensors.map(({ bytes }, index) => [String(index), bytes]));
  writeFileSync(file, zipFile(archived(value, storages)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [name = "", directory = ""] = process.argv.slice(2);
  if (!directory) {
    console.error(`usage: make-checkpoint.ts ${Object.keys(recipes).join("|")} <directory>`);
    process.exit(2);
  }
  const { sha256, bytes } = await makeByName(name, directory);
  console.log(`${directory}/model.safetensors: ${bytes} bytes, SHA-256 ${sha256}`);
}
