import { chosenProbability } from "./draw.ts";
import { formatProbability } from "./format.ts";
import { iterationAt } from "./iteration.ts";
import { canBeRead } from "./playback-speed.ts";
import { isOpen } from "./predict/asked.ts";
import type { RecordedStep, SessionState } from "./session-state.ts";
import { plain } from "./steps/sentence.ts";
import { stepAt } from "./steps/steps.ts";
import { type Reader, whatHappened } from "./steps/what-happened.ts";

/** Phases of a checkpoint; the weights of a seed are made here. */
const loading: readonly string[] = ["download", "retry", "other-tab", "cache", "file"];

/**
 * The one sentence of the status line, which a screen reader also speaks. It changes when something begins or ends and
 * with each step that one walks to or can follow, not with every token of a fast run: a text that streams into a live
 * region cannot be listened to.
 * @param reader undefined while the tokenizer is not there
 */
export function announcement(state: SessionState, contextSize: number, reader: Reader | undefined): string {
  const { activity, at, texts, inspectionSummary, failure, progress, pace, preview } = state;
  if (activity === "building")
    return progress && loading.includes(progress.phase) ? "Loading the model." : "Building the model.";
  if (activity === "recovering") return "Waiting for the GPU."; // the notice says why
  if (activity === "generating" && !canBeRead(pace)) return "Generating.";
  if (activity === "inspecting") return "Looking into the model.";
  if (activity === "stopping") return "Stopping.";
  if (failure) return "Stopped.";
  if (inspectionSummary) return inspectionSummary;
  if (texts)
    return `Finished: ${texts.length === 1 ? texts[0] : texts.map((text, r) => `row ${r}: ${text}`).join(" · ")}`;
  if (isOpen(state)) return "What comes next?";
  if (at && reader) return stepSentence(state, contextSize, reader);
  if (activity === "generating") return "Generating.";
  return preview?.isSettled && reader ? previewSentence(preview.step, reader) : "";
}

/** Of the first row, and only once nobody types: what is spoken at every key could not be listened to. */
function previewSentence({ top }: RecordedStep, reader: Reader): string {
  const { id, probability } = top[0]![0]!;
  return `Likeliest next: ${reader.visible(id)}, probability ${formatProbability(probability)}. Nothing is appended yet.`;
}

/** Of the first row: the others are on the page. */
function stepSentence(state: SessionState, contextSize: number, reader: Reader): string {
  const iteration = iterationAt(state, 0, contextSize)!;
  const { station, step, target, result } = iteration;
  const happened = plain(whatHappened(station, iteration, reader));
  if (station < 7 || !result) return `Step ${station} of 7, ${stepAt(station).name}: ${happened}`;
  const { id } = result.chosen;
  return `Token ${step + 1} of ${target}: ${reader.visible(id)}, probability ${formatProbability(chosenProbability(result))}. ${happened}`;
}
