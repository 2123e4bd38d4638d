import { aborted } from "../../abort.ts";

/**
 * Acquires a lock across all tabs. Where the browser has no locks, or forbids them, it returns at once.
 * @param onWait called once if another holder has to release it first
 * @returns the function that releases it
 * @throws NextTokenError "aborted"
 */
export async function holdLock(
  name: string,
  signal: AbortSignal | undefined,
  onWait: () => void,
): Promise<() => void> {
  const take = (options: LockOptions) =>
    new Promise<(() => void) | undefined>((resolve, reject) => {
      const held = (lock: Lock | null) =>
        lock ? new Promise<void>((release) => resolve(release)) : resolve(undefined);
      navigator.locks.request(name, options, held).catch(reject);
    });
  try {
    const atOnce = await take({ ifAvailable: true });
    if (atOnce) return atOnce;
    onWait();
    return (await take(signal ? { signal } : {})) ?? (() => {});
  } catch {
    if (signal?.aborted) throw aborted();
    return () => {};
  }
}
