import type { GenerateStep } from "../index.ts";
import type { Mask, Progress } from "../model/config.ts";
import type { NextTokenError } from "../next-token-error.ts";
import type { LoadedModel } from "./backend.ts";

/** What the person or the page around the element chose. */
export interface Settings {
  /** "seed:123" */
  model: string;
  mask: Mask;
  maxNewTokens: number;
  contextSize: number;
}

/** A step and how long it took; the first of a run is the one that reads the whole prompt. */
export interface RecordedStep extends GenerateStep {
  milliseconds: number;
  isFirstOfRun: boolean;
}

/** All that the page shows of a run; replaced at every change, never changed in place. */
export interface SessionState {
  activity: "idle" | "building" | "generating" | "stopping";
  progress: Progress | undefined;
  adapter: LoadedModel["adapter"] | undefined;
  /** What the loop started from, [T]; undefined before the first run and after a reset. */
  start: number[] | undefined;
  steps: RecordedStep[];
  /** How many steps there will be when the current run is over. */
  target: number;
  /** The whole text, once a run is over. */
  text: string | undefined;
  failure: NextTokenError | undefined;
}

export const nothingGenerated = {
  start: undefined,
  steps: [],
  target: 0,
  text: undefined,
  failure: undefined,
} satisfies Partial<SessionState>;

/** The events of `<next-token>` and their details. */
export interface SessionEvents {
  progress: Progress;
  ready: null;
  /** `text` is what the token completes: empty while a character still lacks bytes. `position` counts the prompt. */
  token: { id: number; text: string; row: number; position: number; probability: number };
  done: { ids: number[]; text: string };
  error: { code: string; message: string };
}

export type Emit = <Name extends keyof SessionEvents>(name: Name, detail: SessionEvents[Name]) => void;
