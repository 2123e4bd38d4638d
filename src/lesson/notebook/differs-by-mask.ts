import type { RecordedStep, Settings } from "../session-state.ts";

const PROMPT = "Hello, I am";

/**
 * Whether the text is the notebook's but for the mask: its prompt and weights, all its heads, the likeliest tokens, and a second
 * token that is not the notebook's because a mask holds here that never takes effect there.
 */
export const differsByMask = (
  { model, mask }: Pick<Settings, "model" | "mask">,
  prompts: readonly string[],
  steps: readonly Pick<RecordedStep, "sampling" | "contextStart" | "ranWith">[],
): boolean =>
  model === "seed:123" &&
  mask === "causal" &&
  prompts.length === 1 &&
  prompts[0] === PROMPT &&
  steps.length >= 2 &&
  steps
    .slice(0, 2)
    .every(
      ({ sampling, contextStart, ranWith }) => !sampling && contextStart === 0 && ranWith.ablate.length === 0,
    );
