/** The bytes of a file of this project, by the address that Vite gives it: in a browser, and in Node, where nobody serves it. */
export async function fixtureFile(url: string): Promise<Blob> {
  if ("document" in globalThis) return (await fetch(url)).blob();
  const { readFile } = await import("node:fs/promises");
  return new Blob([await readFile(`.${url}`)]);
}
