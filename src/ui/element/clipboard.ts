/** @returns whether the browser took `text`; it does not on insecure pages, in some frames, or when asked not to. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
