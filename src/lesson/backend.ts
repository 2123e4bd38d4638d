import type { DeviceChoice, GPTConfig, HeadOfLayer, Mask, Progress } from "../config.ts";
import type { GenerateOptions, GenerateStep, Logits, Verified } from "../index.ts";

/** A model as the page sees it: something to run, name and let go of. */
export interface LoadedModel {
  readonly adapter: { readonly kind: "gpu" | "cpu"; readonly name: string; readonly isSoftware: boolean };
  /** Why the processor computes where the GPU was wanted: the code of what is wrong with the GPU. */
  readonly insteadOfGpu?: string | undefined;
  readonly config: Readonly<
    Pick<GPTConfig, "vocab_size" | "context_length" | "emb_dim" | "n_layers" | "n_heads">
  >;
  /** Resolves when the GPU takes the model away. */
  readonly lost: Promise<{ message: string }>;
  /** Whether its weights are known to be read rightly. */
  readonly verified: Verified;
  /** Sentences worth showing: what was assumed, what the browser would not keep. */
  readonly notes: readonly string[];
  /** How many times as fast the processor would be. */
  processorSpeedup(): Promise<number>;
  destroy(): void;
}

/** What a model is built with, beside where it comes from. */
export interface BuildOptions {
  mask: Mask;
  device: DeviceChoice;
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
}

/** Text to ids and back. Knows something to show for every id that a model may choose. */
export interface PageTokenizer {
  readonly endOfText: number;
  /** In steps of about a millisecond. Yields the share of the text that is done, 0 to 1. */
  encodeInSteps(text: string): Generator<number, number[]>;
  decode(ids: readonly number[]): string;
  bytes(id: number): Uint8Array;
}

/** All that the page asks of the model side; the tests of the session stand in for it. */
export interface Backend<M extends LoadedModel = LoadedModel> {
  /** @param source the `model` attribute, such as "seed:123" */
  build(source: string, options: BuildOptions): Promise<M>;
  generate(model: M, idx: number[][], options: GenerateOptions): AsyncGenerator<GenerateStep, void>;
  /**
   * The logits of these positions of each row of `idx` [B, T], without the heads of `ablate`: [B, P, vocab_size]. Does not
   * disturb `generate`.
   */
  logits(
    model: M,
    idx: number[][],
    positions: readonly number[],
    ablate: readonly HeadOfLayer[],
  ): Promise<Logits>;
  loadTokenizer(): Promise<PageTokenizer>;
}
