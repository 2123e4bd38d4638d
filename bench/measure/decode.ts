import { type DecodeContext, STEPS_IN_FLIGHT } from "../../src/runtime/decode-context.ts";
import { SAMPLES } from "./sampling.ts";

/** A sample is the time of a window of tokens: on a fast GPU a single one is shorter than the page's clock can tell. */
const MAX_WINDOW = 16;
const WINDOW_MS = 50;
/** Short windows need many samples: the median of five would only show the clock's rounding. */
const MEASURED_MS = 500;
const MAX_SAMPLES = 50;

/** Tokens that `timeDecode` appends to the cache after `context`. */
export const DECODE_ROOM = MAX_WINDOW;

/**
 * Milliseconds a token at a context of `context` tokens, as a page that generates sees them: every token's choice is
 * read while the next steps are in flight. Each sample begins at `context` anew, without a pause.
 */
export async function timeDecode(decoding: DecodeContext, context: number): Promise<number[]> {
  const [, pilot] = await windows(decoding, context, 2, 2); // the first warms up
  const window = Math.max(1, Math.min(MAX_WINDOW, Math.round(WINDOW_MS / pilot!)));
  const samples = Math.ceil(MEASURED_MS / (pilot! * window));
  const [, ...times] = await windows(
    decoding,
    context,
    window,
    1 + Math.max(SAMPLES, Math.min(MAX_SAMPLES, samples)),
  );
  return times;
}

/** Milliseconds a token for each of `count` windows of `length` tokens. */
async function windows(
  decoding: DecodeContext,
  context: number,
  length: number,
  count: number,
): Promise<number[]> {
  const times: number[] = [];
  const ahead = Math.min(STEPS_IN_FLIGHT, length + 1); // two on a slow adapter, as a page has it
  const inFlight: Promise<unknown>[] = [];
  let submitted = 0;
  let start = performance.now();
  for (let done = 0; done < count * length; done++) {
    while (inFlight.length < ahead && submitted < count * length) {
      if (submitted++ % length === 0) decoding.pretendLength(context);
      inFlight.push(decoding.next());
    }
    await inFlight.shift();
    if ((done + 1) % length === 0) {
      const now = performance.now();
      times.push((now - start) / length);
      start = now;
    }
  }
  return times;
}
