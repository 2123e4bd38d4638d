const M = 2 ** 31 - 1;

/**
 * The dims with which a kernel drops out a share `p`, from the definition: a state is kept where state / M < 1 - p,
 * and a seed is a state, reduced modulo M, with 1 in place of 0.
 */
export function dropoutDims(seed: number, p: number) {
  let keep_threshold = Math.floor((1 - p) * M) - 2; // the smallest state that is dropped is a few steps up
  while (keep_threshold / M < 1 - p) keep_threshold++;
  const keep_prob_bits = new Uint32Array(Float32Array.of(1 - p).buffer)[0];
  return { dropout_seed: seed % M || 1, keep_threshold, keep_prob_bits };
}
