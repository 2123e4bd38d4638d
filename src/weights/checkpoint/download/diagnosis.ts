import type { DownloadReason } from "./failure.ts";
import { isLoopback, siteOf } from "./site.ts";

/** How long the second look may take, in milliseconds. */
const PATIENCE = 3000;
/** Browsers tell of a violated policy a moment after they refused the request. */
const TOLD_AFTER = 50;

export type Unseen = Extract<
  DownloadReason,
  "offline" | "unreachable" | "not-shared" | "redirected" | "policy" | "mixed-content"
>;

/**
 * Why a request failed without an answer, which a browser tells no page: asks once more in a way that needs no permission
 * of the server, and looks at what comes of that without reading it.
 * @returns undefined where nothing stands in the way any more, or outside a page
 */
export async function diagnose(
  url: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal | undefined,
): Promise<Unseen | undefined> {
  if (globalThis.location === undefined) return undefined;
  const target = new URL(url);
  if (location.protocol === "https:" && target.protocol === "http:" && !isLoopback(target))
    return "mixed-content";
  const isOwn = siteOf(url) === "own";
  const violations = new PolicyViolations(target);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const { type } = await fetch(url, {
      ...(isOwn ? { redirect: "manual" } : { mode: "no-cors" }),
      credentials: isOwn ? "same-origin" : "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    });
    if (isOwn) return type === "opaqueredirect" ? "redirected" : undefined;
    return "not-shared";
  } catch {
    if (await violations.wasSeen()) return "policy";
    return navigator.onLine || isLoopback(target) ? "unreachable" : "offline";
  } finally {
    clearTimeout(timer);
    stop.abort(); // nobody wants the body
    violations.end();
  }
}

/** Whether the page's policy refuses an address while this is there. */
class PolicyViolations {
  #origin: string;
  #seen = false;

  constructor({ origin }: URL) {
    this.#origin = origin;
    globalThis.document?.addEventListener("securitypolicyviolation", this.#note);
  }

  async wasSeen(): Promise<boolean> {
    if (!this.#seen) await new Promise((resolve) => setTimeout(resolve, TOLD_AFTER));
    return this.#seen;
  }

  end(): void {
    globalThis.document?.removeEventListener("securitypolicyviolation", this.#note);
  }

  #note = ({ blockedURI, effectiveDirective, disposition }: SecurityPolicyViolationEvent): void => {
    if (disposition !== "enforce" || effectiveDirective !== "connect-src") return;
    if (URL.canParse(blockedURI) && new URL(blockedURI).origin === this.#origin) this.#seen = true;
  };
}
