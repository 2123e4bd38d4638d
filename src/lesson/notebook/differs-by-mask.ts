import type { SessionState, Settings } from "../session-state.ts";

const PROMPT = "Hello, I am";

/**
 * Whether the text is the notebook's but for the mask: its prompt and weights, the likeliest tokens, and a second token
 * that is not the notebook's because a mask holds here that never takes effect there.
 */
export const differsByMask = (
  { model, mask, sampling, contextSize }: Settings,
  prompts: readonly string[],
  { steps }: Pick<SessionState, "steps">,
): boolean =>
  model === "seed:123" &&
  mask === "causal" &&
  sampling === undefined &&
  contextSize >= 4 &&
  prompts.length === 1 &&
  prompts[0] === PROMPT &&
  steps.length >= 2;
