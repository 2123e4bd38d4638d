import { formatProbability } from "./format.ts";
import type { SessionState } from "./session-state.ts";

/**
 * The one sentence of the status line, which a screen reader also speaks. It changes when something begins or ends,
 * not with every token: a text that streams into a live region cannot be listened to.
 */
export function announcement(state: SessionState, visible: (id: number) => string): string {
  const { activity, steps, target, text, failure } = state;
  if (activity === "building") return "Building the model.";
  if (activity === "generating") return "Generating.";
  if (activity === "stopping") return "Stopping after this token.";
  if (failure) return "Stopped.";
  if (text !== undefined) return `Finished: ${text}`;
  const last = steps.at(-1);
  if (!last) return "";
  const chosen = last.top[0]!.find(({ id }) => id === last.ids[0])!;
  return `Token ${steps.length} of ${target}: ${visible(chosen.id)}, probability ${formatProbability(chosen.probability)}.`;
}
