/** How patient a download is. All times in milliseconds. */
export interface DownloadPolicy {
  /** How many failures in a row one address may have; a failure after `progressBytes` is the first of a new row. */
  readonly attempts: number;
  readonly progressBytes: number;
  /** The first wait; each further one is twice as long, up to `maxWait`. */
  readonly firstWait: number;
  readonly maxWait: number;
  /** A server that asks for a longer pause than this counts as one that does not serve. */
  readonly maxRetryAfter: number;
  /** How long until a server answers, and how long until the next bytes come. */
  readonly answerTimeout: number;
  readonly stallTimeout: number;
}

export const patient: DownloadPolicy = {
  attempts: 6,
  progressBytes: 256 * 1024,
  firstWait: 500,
  maxWait: 20_000,
  maxRetryAfter: 120_000,
  answerTimeout: 30_000,
  stallTimeout: 30_000,
};

/** How long to wait before the next attempt, half of it by chance, so that a class does not come back all at once. */
export function backoff(failures: number, policy: DownloadPolicy): number {
  const full = Math.min(policy.firstWait * 2 ** (failures - 1), policy.maxWait);
  return full * (0.5 + Math.random() / 2);
}

/** The pause that a server asks for in milliseconds; undefined where it asks for none that can be read. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
