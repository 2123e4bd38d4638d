import { formatLogit, formatProbability } from "./format.ts";
import type { RecordedStep, SessionState } from "./session-state.ts";

/** Phases of a checkpoint; the weights of a seed are made here. */
const loading: readonly string[] = ["download", "retry", "other-tab", "cache", "file"];

/**
 * The one sentence of the status line, which a screen reader also speaks. It changes when something begins or ends and
 * with each station that one walks to, not with every token of a run: a text that streams into a live region cannot be
 * listened to.
 */
export function announcement(state: SessionState, visible: (id: number) => string): string {
  const { activity, at, steps, texts, inspectionSummary, failure, progress } = state;
  if (activity === "building")
    return progress && loading.includes(progress.phase) ? "Loading the model." : "Building the model.";
  if (activity === "recovering") return "Waiting for the GPU."; // the notice says why
  if (activity === "generating") return "Generating.";
  if (activity === "inspecting") return "Looking into the model.";
  if (activity === "stopping") return "Stopping.";
  if (failure) return "Stopped.";
  if (inspectionSummary) return inspectionSummary;
  if (texts)
    return `Finished: ${texts.length === 1 ? texts[0] : texts.map((text, r) => `row ${r}: ${text}`).join(" · ")}`;
  if (!at) return "";
  const text = at.station === 1 ? inputIds(state) : sentence(at.station, steps[at.step]!, state, visible);
  return at.station === 7 ? text : `Station ${at.station} of 7, ${text}`;
}

function inputIds({ at, start }: SessionState): string {
  return `input ids: ${start![0]!.length + at!.step} tokens in each row.`;
}

/** Of the first row: the others are on the page. */
function sentence(
  station: number,
  { chosen, logits, sampling }: RecordedStep,
  { at, target, start }: SessionState,
  visible: (id: number) => string,
): string {
  const { id, probability } = chosen[0]!;
  const { min, max, entropy } = logits[0]!;
  const token = `${visible(id)}, id ${id}`;
  if (station === 2) return `logits: from ${formatLogit(min)} to ${formatLogit(max)}.`;
  if (station === 3) return `softmax: an entropy of ${entropy.toFixed(2)} bits.`;
  if (station === 4) return `${sampling ? "drawn" : "argmax"}: ${token}.`;
  if (station === 5) return `decode: ${visible(id)}.`;
  if (station === 6) return `append: ${start![0]!.length + at!.step + 1} tokens in each row.`;
  return `Token ${at!.step + 1} of ${target}: ${visible(id)}, probability ${formatProbability(probability)}.`;
}
