let isAsked = false;

/**
 * Asks the browser, once, not to delete this page's storage when space gets scarce. Firefox passes the question on to the
 * visitor, so it is asked only once a model that they wanted is stored; nothing depends on the answer, or waits for it.
 */
export function askToPersist(): void {
  if (isAsked) return;
  isAsked = true;
  try {
    navigator.storage.persist().catch(() => {});
  } catch {
    // An insecure page or a sandboxed frame has no storage to ask for.
  }
}
