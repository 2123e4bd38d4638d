import { answerTo, Interrupted, Unanswered } from "./failure.ts";
import { pause } from "./pause.ts";
import { backoff, type DownloadPolicy, patient } from "./policy.ts";
import { Refusals } from "./refusals.ts";
import { Watchdog } from "./watchdog.ts";

/** Enough for any `config.json`. */
const MAX_BYTES = 64 * 1024;

interface SmallFileOptions {
  readonly fetch?: typeof fetch | undefined;
  readonly policy?: DownloadPolicy | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is longer is something else; 64 KiB unless given. */
  readonly maxBytes?: number | undefined;
}

/**
 * The text of a small file from the first of these addresses that has it.
 * @returns "" where none has it; undefined where one could not be asked, so that a later visit may find it
 * @throws NextTokenError "aborted"
 */
export async function fetchSmallText(
  urls: readonly string[],
  options: SmallFileOptions,
): Promise<string | undefined> {
  let nothing: "" | undefined = "";
  for (const url of urls) {
    const text = await retried(url, options);
    if (text) return text;
    nothing = text === undefined ? undefined : nothing;
  }
  return nothing;
}

async function retried(url: string, options: SmallFileOptions): Promise<string | undefined> {
  const { fetch = globalThis.fetch.bind(globalThis), policy = patient, signal } = options;
  const refusals = new Refusals(fetch);
  let isPatient = true;
  for (let failures = 0; failures < policy.attempts; failures++) {
    try {
      if (failures > 0 && isPatient) await pause(backoff(failures, policy), signal);
      return await fetchText(url, { ...options, fetch });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      const found = error instanceof Unanswered ? await refusals.look(url, false, signal) : "wait";
      if (found !== "wait" && found !== "again") return undefined;
      isPatient = found === "wait";
    }
  }
  return undefined;
}

async function fetchText(
  url: string,
  {
    fetch,
    policy = patient,
    signal,
    maxBytes = MAX_BYTES,
  }: SmallFileOptions & { fetch: typeof globalThis.fetch },
): Promise<string | undefined> {
  const watchdog = new Watchdog(signal);
  try {
    const request = {
      credentials: "same-origin",
      referrerPolicy: "no-referrer",
      signal: watchdog.signal,
    } as const;
    const asked = watchdog.watch(fetch(url, request), policy.answerTimeout, "no answer came");
    const response = await answerTo(asked);
    const { status } = response;
    if (status === 408 || status === 429 || status >= 500) throw new Interrupted(`it answered ${status}`);
    if (status === 404 || status === 410) return "";
    if (status !== 200) return undefined; // who is refused does not learn whether there is a file
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = "";
    while (reader && text.length <= maxBytes) {
      const { done, value } = await watchdog.watch(
        reader.read(),
        policy.stallTimeout,
        "the bytes stopped coming",
      );
      if (done) return text;
      text += decoder.decode(value, { stream: true });
    }
    return ""; // longer than any such file: something else
  } finally {
    watchdog.release();
  }
}
