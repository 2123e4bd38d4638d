/** A GPT-2 that decodes greedily with a KV cache: ours or a peer's. */
export interface Side {
  /** Reads a prompt into an empty cache. Resolves to the id that follows. */
  prefill(ids: readonly number[]): Promise<number>;
  /** Feeds the id given last. Resolves to the one after it. */
  next(): Promise<number>;
}

/** One prompt and the tokens after it. */
export interface TimedRun {
  /** Tokens of the prompt. */
  context: number;
  ids: number[];
  prefill_ms: number;
  /** Of each token after the first, ms. */
  decode_ms: number[];
}

declare global {
  interface Window {
    /** Opens the device, the processor where a number of threads is given, and loads the model. Resolves to the device's name. */
    __open: (threads?: number) => Promise<string>;
    /** Answers a prompt, whose text is given for a side that takes nothing else, with `tokens` ids, on the clock. */
    __timeRun: (prompt: readonly number[], tokens: number, text: string) => Promise<TimedRun>;
  }
}

/** The same clock for both sides: from the call to the id in JavaScript, one after the other. */
export async function timeRun(side: Side, prompt: readonly number[], tokens: number): Promise<TimedRun> {
  const start = performance.now();
  const ids = [await side.prefill(prompt)];
  const prefill_ms = performance.now() - start;
  const decode_ms: number[] = [];
  while (ids.length < tokens) {
    const before = performance.now();
    ids.push(await side.next());
    decode_ms.push(performance.now() - before);
  }
  return { context: prompt.length, ids, prefill_ms, decode_ms };
}
