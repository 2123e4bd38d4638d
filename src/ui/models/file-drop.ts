/** Where text is typed: what is dropped there is the browser's business. */
const FIELDS = "textarea, [type=url], [type=number]";

/** Files of a folder that are looked at. */
const MOST_IN_FOLDER = 1000;

/**
 * Lets files and folders be dropped on `dropTarget`, which carries the attribute `dropping` while some are held above it.
 * @param onFiles gets all of them together, a folder's own files in its place
 * @returns what ends it
 */
export function acceptDrops(dropTarget: HTMLElement, onFiles: (files: readonly File[]) => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const left = () => dropTarget.removeAttribute("dropping");
  dropTarget.addEventListener(
    "dragover",
    (event) => {
      // Not text that is moved within the page. The names of files are known only when they are dropped.
      if (!event.dataTransfer?.types.includes("Files") || isOverField(event)) return;
      event.preventDefault(); // otherwise the browser would open the file
      dropTarget.setAttribute("dropping", "");
    },
    { signal },
  );
  dropTarget.addEventListener("dragleave", left, { signal });
  dropTarget.addEventListener(
    "drop",
    (event) => {
      left();
      const { dataTransfer } = event;
      if (!dataTransfer || dataTransfer.files.length === 0 || isOverField(event)) return;
      event.preventDefault();
      const folders = foldersIn(dataTransfer);
      const files = [...dataTransfer.files].filter(
        ({ name }) => !folders.some((folder) => folder.name === name),
      );
      if (folders.length === 0) onFiles(files);
      else
        void Promise.all(folders.map(filesOf)).then((inFolders) => {
          if (!signal.aborted) onFiles([...files, ...inFolders.flat()]);
        });
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

/** Asked for at once: when the event is over, nothing of it can be read. */
function foldersIn({ items }: DataTransfer): FileSystemDirectoryEntry[] {
  const entries = [...items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  return entries.filter((entry) => entry?.isDirectory) as FileSystemDirectoryEntry[];
}

/** The files that lie in a folder itself; what cannot be read is passed over. */
async function filesOf(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (let more = true; more && found.length < MOST_IN_FOLDER; ) {
    const some = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    found.push(...some); // a browser gives a hundred at a time
    more = some.length > 0;
  }
  const files = found
    .filter((entry) => entry.isFile)
    .map(
      (entry) =>
        new Promise<File[]>((resolve) =>
          (entry as FileSystemFileEntry).file(
            (file) => resolve([file]),
            () => resolve([]),
          ),
        ),
    );
  return (await Promise.all(files)).flat();
}
