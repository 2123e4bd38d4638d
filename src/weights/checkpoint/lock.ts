import { aborted } from "../../abort.ts";

/**
 * Waits until no other tab, and nothing else in this one, holds the lock, and holds it then. Where the browser has no
 * locks, or forbids them, nobody waits.
 * @param onWait called once if it is held by another
 * @returns what lets it go
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
