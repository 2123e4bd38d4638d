import type { GPTConfig, HeadOfLayer, Mask } from "../../config.ts";
import type { Candidate, Draw, Sampling } from "../../index.ts";

/** What the model thought of one token: its logit, and its share of the softmax over the whole vocabulary. */
export interface TraceCandidate {
  id: number;
  /** The token's own text; bytes that are no whole character are U+FFFD, so the id is what counts. */
  text: string;
  logit: number;
  probability: number;
}

/** What was switched when the trace was made; all but the mask may have been switched otherwise for earlier steps. */
export interface TraceSettings {
  mask: Mask;
  contextSize: number;
  kvCache: boolean;
  /** Heads of attention that are taken away, where any is. */
  ablate?: readonly HeadOfLayer[];
  /** null: the likeliest token is taken. */
  sampling: Sampling | null;
}

export interface TraceStep {
  /** The id appended to each row, [B]. */
  ids: number[];
  /** The same tokens with what the model thought of them, which need not be among the likeliest, [B]. */
  chosen: TraceCandidate[];
  /** How they were drawn; null where the likeliest were taken. */
  sampling: Sampling | null;
  /** For each row what was drawn, where it was. */
  draws?: Draw[];
  /** The likeliest tokens of each row, likeliest first, [B][k]. */
  top: TraceCandidate[][];
  /** How many of the row's first tokens were cropped away. */
  contextStart: number;
  /** From asking for the token to having it. */
  milliseconds: number;
  /** Of each row's softmax, in bits, where it was computed. */
  entropy?: number[];
  /** Heads of attention that were taken away, where any was. */
  ablate?: readonly HeadOfLayer[];
}

/** A run as a file: everything the page showed, for a spreadsheet or a notebook. Numbers are as exact as they were. */
export interface Trace {
  format: "next-token-trace";
  /** 2 since it has `settings`, and `chosen` and `sampling` of each step. */
  version: 2;
  /** "seed:123", the address of a checkpoint, or what a file was called, "file:model.safetensors". */
  model: string;
  adapter: string;
  config?: GPTConfig;
  settings: TraceSettings;
  /** The text of each row before the first step. */
  prompts: string[];
  /** The ids of each row before the first step, [B, T]. */
  ids: number[][];
  steps: TraceStep[];
}

/** What a trace is made from. */
export interface TracedRun {
  model: string;
  adapter: string;
  config?: GPTConfig | undefined;
  settings: Omit<TraceSettings, "sampling"> & { sampling?: Sampling | undefined };
  prompts: readonly string[];
  start: readonly (readonly number[])[];
  steps: readonly TracedStep[];
}

export interface TracedStep {
  ids: readonly number[];
  chosen: readonly Candidate[];
  sampling?: Sampling | undefined;
  draws?: readonly Draw[] | undefined;
  top: readonly (readonly Candidate[])[];
  contextStart: number;
  milliseconds: number;
  entropy?: readonly number[] | undefined;
  ablate?: readonly HeadOfLayer[];
}

/** The trace of a run, its keys always in the same order: two traces of one run differ only in their times. */
export function traceOf(run: TracedRun, tokenizer: { decode(ids: readonly number[]): string }): Trace {
  const candidate = ({ id, logit, probability }: Candidate): TraceCandidate => ({
    id,
    text: tokenizer.decode([id]),
    logit,
    probability,
  });
  const { mask, contextSize, kvCache, ablate, sampling = null } = run.settings;
  return {
    format: "next-token-trace",
    version: 2,
    model: run.model,
    adapter: run.adapter,
    ...(run.config && { config: run.config }),
    settings: { mask, contextSize, kvCache, ...ablated(ablate), sampling },
    prompts: [...run.prompts],
    ids: run.start.map((row) => [...row]),
    steps: run.steps.map(
      ({ ids, chosen, sampling = null, draws, top, contextStart, milliseconds, entropy, ablate }) => ({
        ids: [...ids],
        chosen: chosen.map(candidate),
        sampling,
        top: top.map((row) => row.map(candidate)),
        contextStart,
        milliseconds,
        ...(entropy && { entropy: [...entropy] }),
        ...ablated(ablate),
        ...(draws && { draws: [...draws] }),
      }),
    ),
  };
}

/** A trace of a run with all heads says nothing of them. */
const ablated = (ablate: readonly HeadOfLayer[] = []) => (ablate.length > 0 ? { ablate } : {});

/** The trace as a file's text: one line for each step, so that it can be read and compared line by line. */
export function traceJson({ steps, ...head }: Trace): string {
  const fields = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`,
  );
  const lines = steps.map((step) => `    ${JSON.stringify(step)}`);
  return ["{", ...fields, `  "steps": [`, lines.join(",\n"), "  ]", "}", ""].join("\n");
}
