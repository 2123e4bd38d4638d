import type { DeviceChoice, HeadOfLayer, Mask, Progress } from "../config.ts";
import type { NextTokenError } from "../errors.ts";
import type { Candidate, GenerateStep, LogitSummary, Sampling } from "../index.ts";
import type { LoadedModel } from "./backend.ts";
import type { LogitMatrix } from "./logit-matrix.ts";
import type { Playhead } from "./playhead.ts";
import type { Prediction, Question } from "./predict/question.ts";

/** What the person or the page around the element chose. */
export interface Settings {
  /** "seed:123" */
  model: string;
  mask: Mask;
  device: DeviceChoice;
  maxNewTokens: number;
  contextSize: number;
  kvCache: boolean;
  /** Heads of attention that are taken away, in the order of layers and heads; a model need not have them. */
  ablate: readonly HeadOfLayer[];
  /** Undefined: greedy, as the notebook. */
  sampling: Sampling | undefined;
  /** End a run when every row has said <|endoftext|>. */
  stopAtEndOfText: boolean;
}

/** A step, and what its logits looked like. */
export interface RecordedStep extends Omit<GenerateStep, "summary" | "logits" | "note"> {
  /** For each row. */
  chosen: Candidate[];
  /** How the ids of this step were drawn; undefined where the likeliest were taken. The setting may have changed since. */
  sampling: Sampling | undefined;
  /** For each row. */
  logits: LogitSummary[];
  /** The first of a run reads the whole prompt. */
  isFirstOfRun: boolean;
  /** What else was switched how; of the heads those that the model has. */
  ranWith: Pick<Settings, "kvCache" | "contextSize" | "ablate">;
}

/** What Play would choose from if it were pressed now. */
export interface Preview {
  /** The prompts, [B, T]. */
  readonly idx: number[][];
  readonly step: RecordedStep;
  /** Whether nothing was typed for a second since: only then it is told to the ear. */
  readonly isSettled: boolean;
}

/** All that the page shows of a run; replaced at every change, never changed in place. */
export interface SessionState {
  /** "recovering": the GPU was lost, and the model is about to be built anew. "inspecting": nothing is appended, see `inspect`. */
  activity: "idle" | "building" | "generating" | "inspecting" | "recovering" | "stopping";
  /** How long playing stays at each step, in milliseconds; 0 where it goes on at once. Undefined while one walks. */
  pace: number | undefined;
  progress: Progress | undefined;
  /** Who computes, and why. */
  computing: Pick<LoadedModel, "adapter" | "insteadOfGpu"> | undefined;
  /** How many times as fast the processor would be, where a software adapter computes and that was measured. */
  processorSpeedup: number | undefined;
  /** While a step reads a long text: the share of it that is done, 0 to 1. */
  reading: number | undefined;
  /** The ids that the loop started from, [B, T]; undefined before the first run and after a reset. */
  start: number[][] | undefined;
  /** Recorded so far; those behind the playhead can be walked again. */
  steps: RecordedStep[];
  /** Where the page stands; undefined before the first station. */
  at: Playhead | undefined;
  /** The logits of the iteration at the playhead, where somebody looked at them; perhaps of an earlier one. */
  matrix: LogitMatrix | undefined;
  /** What would be chosen from for the prompts as they are, where the model answers while one types and nothing is appended. */
  preview: Preview | undefined;
  /** What is asked of a token that is computed and held back; undefined while none is. */
  question: Question | undefined;
  /** Whether what comes next is to be guessed before it is shown. */
  asks: boolean;
  /** How many steps there will be when the current run is over. */
  target: number;
  /** The whole text of each row, once a run is over. */
  texts: string[] | undefined;
  /** One sentence on what an inspection of the model found, until something else happens. */
  inspectionSummary: string | undefined;
  /** Something worth knowing that is no failure. */
  notice: string | undefined;
  failure: NextTokenError | undefined;
}

/** Results of a run or of an inspection. Whatever begins next clears them. */
export const clearedResult = {
  texts: undefined,
  inspectionSummary: undefined,
} satisfies Partial<SessionState>;

export const nothingGenerated = {
  ...clearedResult,
  start: undefined,
  steps: [],
  at: undefined,
  matrix: undefined,
  question: undefined,
  target: 0,
  notice: undefined,
  failure: undefined,
} satisfies Partial<SessionState>;

export const initialState: SessionState = {
  activity: "idle",
  pace: undefined,
  progress: undefined,
  computing: undefined,
  processorSpeedup: undefined,
  reading: undefined,
  preview: undefined,
  asks: false,
  ...nothingGenerated,
};

/** The events of `<next-token>` and their details. */
export interface SessionEvents {
  progress: Progress;
  ready: null;
  /** `text` is what the token completes: empty while a character still lacks bytes. `position` counts the prompt. */
  token: { id: number; text: string; row: number; position: number; probability: number };
  /** One for each row, in their order. */
  done: { ids: number[]; text: string };
  error: { code: string; message: string };
  /** Before each token is shown. Whoever prevents its default holds the token until `step()` or `generate()`. */
  "before-token": Question;
  /** Somebody has guessed what comes next. */
  prediction: Prediction;
}

export type Emit = <Name extends keyof SessionEvents>(name: Name, detail: SessionEvents[Name]) => void;
