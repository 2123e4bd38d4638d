/** What pictures leave out: times, since they are never the same, and the grid of small attention maps, whose pictures would be the largest. */
export const covered = [
  "next-token-status .note",
  "next-token-stations .soft",
  "next-token-context .note",
  "next-token-attention-grid",
];
