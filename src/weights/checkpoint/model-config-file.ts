import { NextTokenError } from "../../errors.ts";
import { CheckpointError, quote } from "./checkpoint-error.ts";

/** The keys of a checkpoint's `config.json` that are used here, as far as it has them. */
export interface ModelConfigFile {
  readonly n_head?: number;
  readonly n_embd?: number;
  readonly n_layer?: number;
  readonly n_positions?: number;
  readonly vocab_size?: number;
  readonly resid_pdrop?: number;
  /** Sentences to show. */
  readonly notes: readonly string[];
}

/** The names under which tanh-GELU, the activation of GPT-2, goes. */
const tanhGelu = ["gelu_new", "gelu_fast", "gelu_pytorch_tanh"];

/**
 * Reads the text of a `config.json`: Hugging Face's names, or the notebook's (`GPT_CONFIG_124M`) or nanoGPT's.
 * @throws CheckpointError "config-unsupported" where it asks for arithmetic that this model does not do: the weights
 * would load, and the text would be fluent nonsense
 */
export function parseModelConfig(text: string): ModelConfigFile {
  const config = parseObject(text);
  const refuse = (key: string, only: string) => {
    throw new CheckpointError(
      "config-unsupported",
      `config.json says ${key} is ${quote(String(config.get(key)))}; only ${only} can be computed here. Choose another checkpoint.`,
    );
  };
  const mustBe = (key: string, ...allowed: unknown[]) => {
    const value = config.get(key) ?? undefined;
    if (value !== undefined && !allowed.includes(value)) refuse(key, allowed.join(" or "));
  };
  mustBe("model_type", "gpt2");
  mustBe("activation_function", ...tanhGelu, "gelu");
  mustBe("layer_norm_epsilon", 1e-5);
  mustBe("scale_attn_weights", true);
  mustBe("scale_attn_by_inverse_layer_idx", false);
  mustBe("add_cross_attention", false);
  const number = (...keys: string[]) =>
    keys.map((key) => config.get(key)).find((value) => typeof value === "number");
  const n_embd = number("n_embd", "emb_dim");
  if (n_embd !== undefined) mustBe("n_inner", 4 * n_embd);
  const numbers = {
    n_head: number("n_head", "n_heads"),
    n_embd,
    n_layer: number("n_layer", "n_layers"),
    n_positions: number("n_positions", "n_ctx", "context_length", "block_size"),
    vocab_size: number("vocab_size"),
    resid_pdrop: number("resid_pdrop", "drop_rate", "dropout"),
  };
  const notes =
    config.get("activation_function") === "gelu"
      ? ["config.json asks for the exact GELU; its tanh form is computed, which differs by less than 0.001."]
      : [];
  return {
    ...(Object.fromEntries(Object.entries(numbers).filter(([, n]) => n !== undefined)) as object),
    notes,
  };
}

/** A config has a few hundred bytes. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads a `config.json` that the user chose along with a checkpoint.
 * @throws CheckpointError "config-unsupported", also where it is no model's config; NextTokenError "file-unreadable"
 */
export async function readModelConfig(file: Blob): Promise<ModelConfigFile> {
  if (file.size > MAX_BYTES)
    throw new CheckpointError(
      "config-unsupported",
      `The file chosen as config.json has ${file.size} bytes, far more than a config. Choose the config.json of the model.`,
    );
  const text = await file.text().catch((cause) => {
    throw new NextTokenError(
      "file-unreadable",
      "The config.json can no longer be read: it was moved, changed or removed since it was chosen. Choose it again.",
      { cause },
    );
  });
  const { notes, ...found } = parseModelConfig(text);
  if (found.n_head === undefined && found.n_embd === undefined)
    throw new CheckpointError(
      "config-unsupported",
      "The file chosen as config.json names neither n_head nor n_embd, so it is no GPT-2's. Choose the config.json of the model.",
    );
  return { ...found, notes };
}

function parseObject(text: string): ReadonlyMap<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError("config-unsupported", "The config.json beside the checkpoint is not JSON.", {
      cause,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CheckpointError(
      "config-unsupported",
      "The config.json beside the checkpoint is not an object.",
    );
  return new Map(Object.entries(value));
}
