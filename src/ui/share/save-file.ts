/** Longer than any browser takes to begin reading what a link points to. */
const KEPT_MS = 60_000;

/** Saves `blob` under `name`, where the browser saves what is downloaded. */
export function saveFile(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS); // at once would be before some browsers have read it
}
