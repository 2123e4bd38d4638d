import { softmax } from "./softmax.ts";

/** A token the model might choose; `probability` is its share of the softmax over the whole vocabulary. */
export interface Candidate {
  id: number;
  logit: number;
  probability: number;
}

/**
 * The k likeliest tokens of each row, the likeliest first; the lower id first where logits are equal.
 *
 * @param logits [num_rows, vocab_size]
 * @returns for each row its min(k, vocab_size) candidates
 */
export function topK(logits: ArrayLike<number>, vocab_size: number, k: number): Candidate[][] {
  const probabilities = softmax(logits, vocab_size);
  return Array.from({ length: logits.length / vocab_size }, (_, row) =>
    Array.from({ length: vocab_size }, (_, id) => ({
      id,
      logit: logits[row * vocab_size + id],
      probability: probabilities[row * vocab_size + id],
    }))
      .sort((a, b) => b.logit - a.logit || a.id - b.id)
      .slice(0, k),
  );
}
