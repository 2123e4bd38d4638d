/** The bytes of a file of this project, by the address that Vite gives it in a browser, and as a file's elsewhere. */
export async function fixtureFile(url: string): Promise<Blob> {
  if ("document" in globalThis) return (await fetch(url)).blob();
  const { readFile } = await import("node:fs/promises");
  return new Blob([await readFile(new URL(url))]);
}
