import { CANDIDATE_WORDS } from "../kernels/top-k.ts";

/** One of the best candidates for the next token. */
export interface Candidate {
  id: number;
  logit: number;
  /** Of the softmax over the whole vocabulary. */
  probability: number;
}

/** The k best of each row, from what the top-k kernel wrote: [num_rows, k, CANDIDATE_WORDS] from word `first` on. */
export function readCandidates(
  bytes: ArrayBuffer,
  first: number,
  num_rows: number,
  k: number,
): Candidate[][] {
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  const candidate = (row: number, rank: number): Candidate => {
    const at = first + (row * k + rank) * CANDIDATE_WORDS;
    return { id: words[at]!, logit: floats[at + 1]!, probability: floats[at + 2]! };
  };
  return Array.from({ length: num_rows }, (_, row) =>
    Array.from({ length: k }, (_, rank) => candidate(row, rank)),
  );
}
