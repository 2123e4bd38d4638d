import type { GPTModel } from "../../src/index.ts";
import { argmax } from "../../src/reference/argmax.ts";
import { softmax } from "../../src/reference/softmax.ts";

/** How close packed weights stay to f32 ones, over the positions of a text. */
export interface Agreement {
  positions: number;
  /** KL divergence of the packed model's softmax from the f32 model's, in nats, the mean over the positions. */
  kl: number;
  /** Share of the positions at which both would choose the same token. */
  top1: number;
}

/** Compares the logits of two models of one vocabulary for the same text, [1, T]. */
export async function agreement(f32: GPTModel, packed: GPTModel, idx: number[][]): Promise<Agreement> {
  const [expected, found] = [await f32.forward(idx), await packed.forward(idx)];
  return compareLogits(expected.data, found.data, expected.shape[2]);
}

/** Logits [positions, vocab_size] of the exact model and of the other. */
export function compareLogits(expected: Float32Array, found: Float32Array, vocab_size: number): Agreement {
  const positions = expected.length / vocab_size;
  let kl = 0;
  let same = 0;
  for (let at = 0; at < expected.length; at += vocab_size) {
    const [exact, other] = [expected, found].map((logits) => logits.subarray(at, at + vocab_size));
    const [p, q] = [softmax(exact!, vocab_size), softmax(other!, vocab_size)];
    kl += p.reduce((sum, share, id) => sum + (share > 0 ? share * Math.log(share / q[id]!) : 0), 0);
    same += Number(argmax(exact!, vocab_size)[0] === argmax(other!, vocab_size)[0]);
  }
  return { positions, kl: kl / positions, top1: same / positions };
}
