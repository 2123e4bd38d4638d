/** What pictures leave out: times, since they are never the same. */
export const covered = ["next-token-status .note", "next-token-stations .cost", "next-token-context .note"];
