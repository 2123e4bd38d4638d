import type { WeightSource } from "../weights/weight-source.ts";

/** What tools/parity records of one tensor; `sum` and `sum_sq` are in f64. */
export interface Fingerprint {
  name: string;
  shape: number[];
  first: number[];
  last: number[];
  sum: number;
  sum_sq: number;
}

/**
 * The fingerprints of all that a source gives, in order of name. Throws where a chunk is not whole rows, is above
 * 4 MiB, or where a tensor is not covered exactly once.
 */
export async function fingerprints(source: WeightSource, signal?: AbortSignal): Promise<Fingerprint[]> {
  const tensors = new Map<string, { chunks: [number, number][]; print: Fingerprint }>();
  for await (const { name, shape, offset, data } of source.chunks(signal)) {
    const size = shape.reduce((a, b) => a * b);
    if (data.length === 0 || data.length % shape[shape.length - 1] !== 0)
      throw new Error(`${name}: not whole rows`);
    if (data.byteLength > 4 * 1024 * 1024) throw new Error(`${name}: a chunk of ${data.byteLength} bytes`);
    if (!tensors.has(name)) {
      tensors.set(name, {
        chunks: [],
        print: { name, shape: [...shape], first: [], last: [], sum: 0, sum_sq: 0 },
      });
    }
    const { chunks, print } = tensors.get(name)!;
    chunks.push([offset, data.length]);
    let [sum, sum_sq] = [0, 0];
    for (const value of data) {
      sum += value;
      sum_sq += value * value;
    }
    print.sum += sum;
    print.sum_sq += sum_sq;
    for (let i = 0; i < 4; i++) {
      const [first, last] = [i - offset, size - 4 + i - offset];
      if (first >= 0 && first < data.length) print.first[i] = data[first];
      if (last >= 0 && last < data.length) print.last[i] = data[last];
    }
  }
  for (const { chunks, print } of tensors.values()) {
    let next = 0;
    for (const [offset, length] of chunks.sort(([a], [b]) => a - b)) {
      if (offset !== next) throw new Error(`${print.name}: value ${next} is missing or comes twice`);
      next += length;
    }
    if (next !== print.shape.reduce((a, b) => a * b)) throw new Error(`${print.name}: ends at ${next}`);
  }
  return [...tensors.values()].map(({ print }) => print).sort((a, b) => (a.name < b.name ? -1 : 1));
}
