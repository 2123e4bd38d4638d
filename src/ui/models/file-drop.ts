/** Where text is typed: what is dropped there is the browser's business. */
const FIELDS = "textarea, [type=url], [type=number]";

/**
 * Lets a checkpoint be dropped on `zone`, which carries the attribute `dropping` while files are held above it.
 * @param onFile gets the first `.safetensors` among them
 * @param onOther gets the name of a file, where none of them is one
 * @returns what ends it
 */
export function acceptDrops(
  zone: HTMLElement,
  onFile: (file: File) => void,
  onOther: (name: string) => void,
): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const left = () => zone.removeAttribute("dropping");
  zone.addEventListener(
    "dragover",
    (event) => {
      // Not text that is moved within the page. What files are called is told only when they are dropped.
      if (!event.dataTransfer?.types.includes("Files") || isOverField(event)) return;
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
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0 || isOverField(event)) return;
      event.preventDefault();
      const checkpoint = files.find(({ name }) => /\.safetensors$/i.test(name));
      if (checkpoint) onFile(checkpoint);
      else onOther(files[0]!.name);
    },
    { signal },
  );
  return () => {
    listening.abort();
    left();
  };
}

/** The event's own target, however deep in shadow roots. */
function isOverField(event: DragEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.matches(FIELDS);
}
