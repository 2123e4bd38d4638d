/** The worker that keeps the page, beside the page itself. */
export const serviceWorkerAddress = (): string => new URL("service-worker.js", document.baseURI).href;

/**
 * Has the page kept for when there is no network, once it has loaded: then it opens again, and computes what needs no
 * download. Nothing is fetched for it but the worker's own script. Frames are left to the page around them.
 */
export function keepPage(): void {
  if (parent !== window || !("serviceWorker" in navigator)) return;
  const begin = async () => {
    await navigator.serviceWorker.register(serviceWorkerAddress());
    const { active } = await navigator.serviceWorker.ready;
    // What was fetched before the worker was there, or is on its way past it.
    const tell = (list: PerformanceObserverEntryList) =>
      active?.postMessage(list.getEntries().map(({ name }) => name.replace(/[?#].*/, "")));
    new PerformanceObserver(tell).observe({ type: "resource", buffered: true });
  };
  const quietly = () => void begin().catch(() => {}); // where it is forbidden, or the disk is full, nothing is kept
  if (document.readyState === "complete") quietly();
  else addEventListener("load", quietly, { once: true });
}
