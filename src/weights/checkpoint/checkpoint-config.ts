import type { GPTConfig } from "../../config.ts";
import { NextTokenError } from "../../errors.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import type { ModelConfigFile } from "./model-config-file.ts";

/** What the shapes of a checkpoint's tensors determine. */
export type ShapeConfig = Pick<
  GPTConfig,
  "vocab_size" | "context_length" | "emb_dim" | "n_layers" | "qkv_bias"
>;

/** Where a config came from, besides the shapes. */
export interface ConfigHints {
  /** The caller's settings. Only `n_heads` and `drop_rate` are free; the other keys must agree with the file. */
  readonly config?: Partial<GPTConfig> | undefined;
  /** The `config.json` beside the file. */
  readonly configFile?: ModelConfigFile | undefined;
}

/** Every published GPT-2 has heads of 64, whatever its size. */
const USUAL_HEAD_DIM = 64;
/** What GPT-2 was trained with, and what the course uses. */
const USUAL_DROP_RATE = 0.1;

/** The whole config: from the shapes, and what they do not show from the caller, else config.json, else GPT-2's defaults. */
export function deriveConfig(
  shapes: ShapeConfig,
  { config: wanted = {}, configFile }: ConfigHints,
): { config: GPTConfig; notes: string[] } {
  if (configFile) checkAgainst(shapes, configFile);
  const notes = [...(configFile?.notes ?? [])];
  const n_heads = wanted.n_heads ?? configFile?.n_head ?? usualHeads(shapes.emb_dim, notes);
  if (!Number.isInteger(n_heads) || n_heads < 1 || shapes.emb_dim % n_heads !== 0)
    throw new NextTokenError(
      "bad-config",
      `n_heads is ${n_heads}, which does not divide this checkpoint's emb_dim of ${shapes.emb_dim}. Give the right n_heads in config.`,
    );
  const drop_rate = wanted.drop_rate ?? configFile?.resid_pdrop ?? USUAL_DROP_RATE;
  if (!(drop_rate >= 0 && drop_rate < 1))
    throw new NextTokenError("bad-config", `drop_rate is ${drop_rate}; it must be from 0 to below 1.`);
  const config: GPTConfig = { ...shapes, n_heads, drop_rate };
  for (const key of Object.keys(wanted) as (keyof GPTConfig)[])
    if (wanted[key] !== undefined && wanted[key] !== config[key])
      throw new CheckpointError(
        "config-mismatch",
        `config says ${key} is ${wanted[key]}, but the checkpoint has ${config[key]}. Leave ${key} out of config.`,
      );
  return { config, notes };
}

function usualHeads(emb_dim: number, notes: string[]): number {
  if (emb_dim % USUAL_HEAD_DIM !== 0)
    throw new CheckpointError(
      "heads-unknown",
      `Nothing says how many heads this checkpoint has, and its emb_dim of ${emb_dim} is no multiple of ${USUAL_HEAD_DIM}. Put its config.json beside it (choose both, if they are on this computer), or give n_heads as it was in training.`,
    );
  const n_heads = emb_dim / USUAL_HEAD_DIM;
  notes.push(
    `Nothing says how many heads this checkpoint has; ${n_heads} heads of ${USUAL_HEAD_DIM} are assumed. If it was trained with others, give n_heads.`,
  );
  return n_heads;
}

/** A config.json that describes another model would give this one the wrong number of heads. */
function checkAgainst(shapes: ShapeConfig, file: ModelConfigFile): void {
  const pairs = [
    ["n_embd", shapes.emb_dim],
    ["n_layer", shapes.n_layers],
    ["n_positions", shapes.context_length],
    ["vocab_size", shapes.vocab_size],
  ] as const;
  for (const [key, found] of pairs)
    if (file[key] !== undefined && file[key] !== found)
      throw new CheckpointError(
        "config-mismatch",
        `config.json says ${key} is ${file[key]}, but the checkpoint beside it has ${found}: they belong to different models.`,
      );
}
