/** Waits for `milliseconds`, or until one of `signals` is aborted. */
export function sleep(milliseconds: number, ...signals: AbortSignal[]): Promise<void> {
  const wake = AbortSignal.any(signals);
  return new Promise((resolve) => {
    if (milliseconds === 0 || wake.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    wake.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
