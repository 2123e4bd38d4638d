import type { Mask, Progress } from "../model/config.ts";

/** A model as the page sees it: something to run, name and let go of. */
export interface LoadedModel {
  readonly adapter: { readonly name: string; readonly isSoftware: boolean };
  /** Resolves when the GPU takes the model away. */
  readonly lost: Promise<{ message: string }>;
  destroy(): void;
}

export interface Candidate {
  id: number;
  logit: number;
  /** Softmax over the whole vocabulary. */
  probability: number;
}

/** What one turn of the loop decided, for each row of the batch. */
export interface Step {
  ids: number[];
  top: Candidate[][];
  /** How many tokens of the row were cropped away before the model read it. */
  contextStart: number;
}

export interface GenerateOptions {
  maxNewTokens: number;
  contextSize: number;
  topK: number;
  signal: AbortSignal;
}

export interface PageTokenizer {
  readonly endOfText: number;
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
  bytes(id: number): Uint8Array;
}

/** All that the page asks of the model side; the tests of the session stand in for it. */
export interface Engine<M extends LoadedModel = LoadedModel> {
  /** @param source the `model` attribute: "seed:123" */
  build(
    source: string,
    mask: Mask,
    hooks: { onProgress: (progress: Progress) => void; signal: AbortSignal },
  ): Promise<M>;
  generate(model: M, idx: number[][], options: GenerateOptions): AsyncGenerator<Step, void>;
  loadTokenizer(): Promise<PageTokenizer>;
}
