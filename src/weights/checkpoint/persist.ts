let isAsked = false;

/**
 * Asks the browser, once, not to throw away what this page keeps when room gets scarce. Firefox puts the question to the
 * visitor, so it is asked only after a model that they wanted was kept; nothing depends on the answer, or waits for it.
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
