import type { GPTConfig } from "../../config.ts";
import { NextTokenError } from "../../errors.ts";

/** The small model that comes with the page: as `GPTModel` of the course takes it. tools/train/settings.py has the same. */
export const SMALL_CONFIG: Readonly<GPTConfig> = Object.freeze({
  vocab_size: 50257,
  context_length: 64,
  emb_dim: 96,
  n_heads: 4,
  n_layers: 4,
  drop_rate: 0,
  qkv_bias: false,
});

/** What its training started from: `torch.manual_seed(123)`. */
export const SMALL_SEED = 123;

/** How many steps it was trained for where it can be looked at. Of 0 there is no file: that is the seed's model. */
export const snapshotSteps: readonly number[] = [0, 50, 200, 500, 1000, 1800, 3000, 4500, 6500, 9000, 12000];

/** All steps: the finished model. */
export const FINISHED = 12000;

/** What the `model` attribute says for the small model after so many steps of training. */
export const smallModel = (step: number): string => (step === FINISHED ? "small" : `small:${step}`);

/**
 * The steps in "small" or "small:500"; undefined for what is no name of the small model.
 * @throws NextTokenError "bad-option" for steps that it cannot be looked at
 */
export function stepsIn(name: string): number | undefined {
  if (name === "small") return FINISHED;
  const [, text] = /^small:(.*)$/s.exec(name) ?? [];
  if (text === undefined) return undefined;
  const step = snapshotSteps.find((each) => String(each) === text);
  if (step !== undefined) return step;
  throw new NextTokenError(
    "bad-option",
    `The small model is kept after ${snapshotSteps.slice(0, -1).join(", ")} and ${FINISHED} steps of training. Write one of them, as in small:500, or small for the finished one.`,
  );
}
