import { throwIfAborted } from "../abort.ts";
import type { HeadOfLayer } from "../config.ts";
import type { LogitSummary } from "../kernels/logit-summary.ts";
import type { Candidate } from "../runtime/candidates.ts";
import { ablatedHeads } from "../runtime/check-ablate.ts";
import { checkIdx } from "../runtime/check-idx.ts";
import type { StepResult } from "../runtime/decode-context.ts";
import type { ModelHandle } from "../runtime/model-handle.ts";
import { checkContextSize, checkMaxNewTokens, checkTopK } from "./check-options.ts";
import { PipelineDepth } from "./pipeline-depth.ts";
import { checkSampling, type Draw, type Sampling, sample } from "./sampling.ts";
import { StepClock } from "./step-clock.ts";

export interface GenerateOptions {
  /** Tokens to append to each row. Default 50. */
  maxNewTokens?: number;
  /** How many of the last tokens the model looks at. Default: all that it can, `config.context_length`. */
  contextSize?: number;
  /** Candidates to report at each step. Default 10. */
  topK?: number;
  /** Keep keys and values of earlier tokens (default) instead of computing them again. The ids are the same. */
  kvCache?: boolean;
  /** Heads to take away, `[layer, head]` counted from 0: their shares of context_vec are zero, at every step. */
  ablate?: readonly HeadOfLayer[] | undefined;
  /** Draw each id instead of taking the likeliest (default, as the notebook does). */
  sampling?: Sampling | undefined;
  /** Report what the logits of the last position look like, and the chosen candidates. The GPU sums them up. */
  summary?: boolean;
  /** Report all logits of the last position, too. */
  logits?: boolean;
  /** Called while a step reads a long text, with the share of it that is done, 0 to 1. */
  onReading?: ((share: number) => void) | undefined;
  /** Stops between two tokens, or within a long text that is read, with a `NextTokenError("aborted")`. */
  signal?: AbortSignal;
}

export interface GenerateStep {
  /** The id chosen for each row. */
  ids: number[];
  /** For each row the best candidates, with the softmax over the whole vocabulary. */
  top: Candidate[][];
  /** How many of the row's first tokens were cropped away at this step. */
  contextStart: number;
  /** Positions of a row that this step computed: the whole context, or 1 where the KV cache held the others. */
  computed: number;
  /** How long this step took by itself, in milliseconds: from when it was submitted, or the step before it was over, to its answer. */
  milliseconds: number;
  /** For each row how its id was drawn, where `sampling` asked for it. */
  draws?: Draw[];
  /** For each row what was chosen, where `summary` asked for it: a drawn token need not be among the best. */
  chosen?: Candidate[];
  /** For each row what its logits look like, where `summary` asked for it. */
  summary?: LogitSummary[];
  /** For each row its logits, [vocab_size], where `logits` asked for them. */
  logits?: Float32Array[];
  /** A sentence about an option that could not be applied; on the first step only. */
  note?: string;
}

/**
 * The notebook's loop as a stream: yields after every token that is appended to the rows of `idx` [B, T].
 * While the caller handles a step, the GPU already computes the next ones, unless they need an id that is drawn here.
 * Throws `bad-max-new-tokens`, `bad-context-size`, `bad-option`, `ragged-batch`, `empty-row`, `id-out-of-range`,
 * `aborted`, `device-lost`, `out-of-memory`, `limits-too-small`.
 */
export async function* generate(
  model: ModelHandle,
  idx: readonly (readonly number[])[],
  options: GenerateOptions = {},
): AsyncGenerator<GenerateStep, void, void> {
  const {
    maxNewTokens = 50,
    contextSize = model.config.context_length,
    topK = 10,
    kvCache = true,
    ablate,
    sampling,
    summary = false,
    logits = false,
    onReading,
    signal,
  } = options;
  model.check();
  checkIdx(idx, model.config);
  checkMaxNewTokens(maxNewTokens);
  checkContextSize(contextSize, model.config);
  checkTopK(topK);
  const ablated = ablatedHeads(ablate, model.config);
  if (sampling) checkSampling(sampling);
  if (maxNewTokens === 0) return;

  // Without a mask every earlier position changes when a token is appended: nothing of it can be kept.
  const cached = kvCache && model.mask === "causal";
  const note =
    kvCache && !cached
      ? 'The KV cache needs the causal mask; with mask "none" every step is computed anew.'
      : undefined;
  const rows = idx.map((row) => [...row]);
  const start = rows[0]!.length;
  const capacity = Math.min(contextSize, start + maxNewTokens - 1);
  const decoding = await model.startDecoding({
    batch: rows.length,
    capacity,
    topK,
    summary,
    logits: logits || sampling !== undefined,
    ablated,
  });
  const inFlight: Promise<StepResult & Pick<GenerateStep, "milliseconds">>[] = [];
  const depth = new PipelineDepth();
  let submitted = 0;
  const clock = new StepClock();
  /**
   * Whether the step that finds `length` tokens in a row reads them anew: the first one, each without a cache, and each
   * once the context slides, because then every position shifts and what the cache holds is no longer true.
   */
  const needsPrefill = (length: number) => length === start || !cached || length > contextSize;

  /** Sends off the next step; false when it needs ids that are still on their way. */
  const submit = (): boolean => {
    const length = start + submitted; // tokens of a row before this step
    const needsIds = needsPrefill(length) || sampling !== undefined;
    if (needsIds && inFlight.length > 0) return false;
    if (needsPrefill(length))
      inFlight.push(
        clock.time(
          decoding.prefill(
            rows.map((row) => row.slice(-contextSize)),
            { signal, onProgress: onReading },
          ),
        ),
      );
    else inFlight.push(clock.time(decoding.next(sampling && rows.map((row) => row.at(-1)!))));

    submitted++;
    depth.submitted();
    const answered = () => depth.answered();
    inFlight.at(-1)!.then(answered, answered); // an error is thrown where it is awaited; nobody needs that of a step left behind
    return true;
  };

  try {
    for (let step = 0; step < maxNewTokens; step++) {
      throwIfAborted(signal, STOPPED);
      if (inFlight.length === 0) submit();
      const { logits: scores, summary: summaries, top, ids: likeliest, milliseconds } = await inFlight[0]!;
      inFlight.shift();
      throwIfAborted(signal, STOPPED);
      const length = start + step; // tokens of a row that this step found
      const draws = sampling && scores!.map((row, r) => sample(row, sampling, r, length));
      const ids = draws?.map(({ id }) => id) ?? likeliest;
      for (const [row, id] of ids.entries()) rows[row]!.push(id);
      while (submitted < maxNewTokens && inFlight.length < depth.steps && submit()) {}
      yield {
        ids,
        top,
        contextStart: Math.max(0, length - contextSize),
        computed: needsPrefill(length) ? Math.min(length, contextSize) : 1,
        milliseconds,
        ...(draws ? { draws } : {}),
        ...(summaries
          ? { summary: summaries, chosen: chosenOf(ids, summaries, top, sampling && scores) }
          : {}),
        ...(logits ? { logits: scores! } : {}),
        ...(step === 0 && note ? { note } : {}),
      };
    }
  } finally {
    await decoding.destroy();
  }
}

/**
 * The chosen candidates of each row.
 * @param scores the logits that were drawn from; without them the likeliest were taken
 */
const chosenOf = (
  ids: readonly number[],
  summaries: readonly LogitSummary[],
  top: readonly Candidate[][],
  scores: readonly Float32Array[] | undefined,
): Candidate[] =>
  ids.map((id, row) => {
    const { max, logSumExp } = summaries[row]!;
    const logit = scores ? scores[row]![id]! : max;
    const known = top[row]!.find((candidate) => candidate.id === id);
    return known ?? { id, logit, probability: Math.exp(logit - logSumExp) };
  });

const STOPPED = "Generating was stopped. What was generated so far stays.";
