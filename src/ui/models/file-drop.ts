/**
 * Lets a file be dropped on `zone`, which carries the attribute `dropping` while one is held above it.
 * @returns what ends it
 */
export function acceptDrops(zone: HTMLElement, onFile: (file: File) => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const left = () => zone.removeAttribute("dropping");
  zone.addEventListener(
    "dragover",
    (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return; // text that is moved within the page
      event.preventDefault(); // otherwise the browser would open the file
      zone.setAttribute("dropping", "");
    },
    { signal },
  );
  zone.addEventListener("dragleave", left, { signal });
  zone.addEventListener(
    "drop",
    (event) => {
      left();
      const [file] = event.dataTransfer?.files ?? [];
      if (!file) return;
      event.preventDefault();
      onFile(file);
    },
    { signal },
  );
  return () => {
    listening.abort();
    left();
  };
}
