const percent = new Intl.NumberFormat("en", {
  style: "percent",
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});
const count = new Intl.NumberFormat("en");

/** 0.0123 -> "1.23 %", three significant digits; below a millionth of a percent a power of ten says more. */
export function formatProbability(probability: number): string {
  if (probability > 0 && probability < 1e-8) return `${(probability * 100).toExponential(1)} %`;
  return percent.format(probability).replace("%", " %");
}

/** Four decimals, as the notebook prints logits, with a real minus sign so that columns line up. */
export function formatLogit(logit: number): string {
  return logit.toFixed(4).replace("-", "−");
}

/** 50257 -> "50,257". */
export function formatCount(value: number): string {
  return count.format(value);
}

/** Milliseconds for people: "640 ms", "2.4 s". */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Tokens per second, two significant digits below ten. */
export function formatRate(tokensPerSecond: number): string {
  return tokensPerSecond < 10 ? tokensPerSecond.toFixed(1) : count.format(Math.round(tokensPerSecond));
}

/** Three digits and the unit that suits: each of `units` is a thousand of the one before it. */
export function inUnits(value: number, units: readonly string[]): string {
  let at = 0;
  let scaled = value;
  while (scaled >= 999.5 && at < units.length - 1) {
    scaled /= 1000;
    at++;
  }
  return `${at === 0 ? scaled.toFixed(0) : scaled.toPrecision(3)} ${units[at]}`;
}

/** Three digits: "512 B", "3.08 kB", "154 MB". */
export function formatBytes(bytes: number): string {
  return inUnits(bytes, ["B", "kB", "MB", "GB"]);
}
