/** How far a transfer is, both numbers in one unit, so that the first does not change its look half-way. */
export function formatPart(loaded: number, total: number): string {
  const [unit, name, digits] = total >= 1e9 ? [1e9, "GB", 2] : total >= 1e6 ? [1e6, "MB", 0] : [1e3, "kB", 0];
  return `${(loaded / unit).toFixed(digits)} of ${(total / unit).toFixed(digits)} ${name}`;
}

/** "12 MB/s", "0.8 MB/s". */
export function formatPace(bytesPerSecond: number): string {
  const megabytes = bytesPerSecond / 1e6;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB/s`;
}

/** An estimate, so in words and coarse: "a few seconds left", "about 40 seconds left", "about 3 minutes left". */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 5) return "a few seconds left";
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} seconds left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} minute${minutes === 1 ? "" : "s"} left`;
  return `about ${Math.round(minutes / 60)} hours left`;
}
