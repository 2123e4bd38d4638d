// A model is named by a string everywhere on the page: in an attribute, in an address, as the key of what is loaded. A
// file that somebody chose has no such name, so it gets one, for as long as the page is open.

const files: File[] = [];

/** The name by which `chosenFile` finds the file: "file:1/model.safetensors". The same file object keeps its name. */
export function nameFile(file: File): string {
  if (!files.includes(file)) files.push(file);
  return `file:${files.indexOf(file) + 1}/${encodeURIComponent(file.name)}`;
}

/** The file of that name; undefined for one that was not chosen on this page. */
export function chosenFile(name: string): File | undefined {
  const file = files[Number(/^file:(\d+)\//.exec(name)?.[1]) - 1];
  return file && nameFile(file) === name ? file : undefined;
}
