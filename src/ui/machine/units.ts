const scaled = (value: number, units: readonly string[]): string => {
  let at = 0;
  let scaled = value;
  while (scaled >= 999.5 && at < units.length - 1) {
    scaled /= 1000;
    at++;
  }
  return `${at === 0 ? scaled.toFixed(0) : scaled.toPrecision(3)} ${units[at]}`;
};

/** Three digits: "512 B", "3.08 kB", "154 MB". */
export const formatBytes = (bytes: number): string => scaled(bytes, ["B", "kB", "MB", "GB"]);

/** Three digits: "87 µs", "4.81 ms", "1.20 s". */
export const formatMicroseconds = (microseconds: number): string => scaled(microseconds, ["µs", "ms", "s"]);

/** Gigabytes (10^9) a second, two digits below ten. */
export const formatGB = (gbPerSecond: number): string => gbPerSecond.toFixed(gbPerSecond < 10 ? 2 : 0);

export const formatShare = (share: number): string => `${Math.round(100 * share)} %`;
