import { inUnits } from "../../lesson/format.ts";

/** Three digits: "87 µs", "4.81 ms", "1.20 s". */
export const formatMicroseconds = (microseconds: number): string => inUnits(microseconds, ["µs", "ms", "s"]);

/** Gigabytes (10^9) a second, two digits below ten. */
export const formatGB = (gbPerSecond: number): string => gbPerSecond.toFixed(gbPerSecond < 10 ? 2 : 0);

export const formatShare = (share: number): string => `${Math.round(100 * share)} %`;
