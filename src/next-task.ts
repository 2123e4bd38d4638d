/** Lets the page handle events before going on. Unlike setTimeout it waits for no clock, hidden page or not. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** How long work may keep the page from handling events, in milliseconds: less than a frame. */
const SLICE = 10;

/**
 * Runs `work` to its end, and lets the page handle events whenever it has lasted for 10 ms.
 * @param paused is told what `work` yielded last, before each pause
 * @throws what `signal` was aborted with, and what `work` throws
 */
export async function inSlices<Yielded, Result>(
  work: Iterator<Yielded, Result, undefined>,
  { signal, paused }: { signal?: AbortSignal; paused?: (yielded: Yielded) => void } = {},
): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - since < SLICE) continue;
    paused?.(value);
    await nextTask();
    signal?.throwIfAborted();
    since = performance.now();
  }
}
