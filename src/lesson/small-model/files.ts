/** Beside the script, wherever that is; the names hold what is in the files, so that none that is kept is ever stale. */
const files = import.meta.glob<string>("../../../small-model/small-*.safetensors.gz", {
  query: "?url&no-inline",
  import: "default",
  eager: true,
});

/** The address of the file with the weights after so many steps, of which there is one. */
export function addressOf(step: number): string {
  return new URL(files[`../../../small-model/small-${step}.safetensors.gz`]!, import.meta.url).href;
}

/** The steps of the file at `address`; undefined for other files. */
export function stepsAt(address: string): number | undefined {
  const entry = Object.entries(files).find(([, file]) => new URL(file, import.meta.url).href === address);
  const [, steps] = /small-(\d+)\./.exec(entry?.[0] ?? "") ?? [];
  return steps === undefined ? undefined : Number(steps);
}
