import type { BenchResult, KernelRow } from "../measure/result.ts";
import type { BenchRecord } from "./record.ts";

/** The result for people: one line a figure, then the roofline and the kernels. */
export function report(record: BenchRecord): string {
  const kind = record.is_software ? ", a GPU in software" : "";
  return [
    `${record.adapter} (${[record.vendor, record.architecture].filter(Boolean).join(" ")}${kind})`,
    `${record.runtime} on ${record.machine}`,
    `${record.commit}, ${record.date}, weights in ${record.precision}`,
    ...adapter(record),
    ...busy(record),
    "",
    ...figures(record),
    ...batches(record),
    ...closeness(record),
    ...roofline(record),
    ...kernels(record),
    ...overhead(record),
    ...unmasked(record),
  ].join("\n");
}

function adapter({ features, subgroup_sizes, variants }: BenchRecord): string[] {
  const [least, most] = subgroup_sizes ?? [];
  const threads =
    least === undefined ? "" : `; ${least === most ? least : `${least} to ${most}`} in a subgroup`;
  const { one, few, many, attention } = variants;
  return [
    `features: ${features.join(", ") || "none"}${threads}`,
    `chosen: ${one} for one row, ${few} for a few, ${many} for many, attention by ${attention}`,
  ];
}

/** Above this, the figures are those of a machine that does something else. */
const BUSY = 0.5;

function busy({ load_before }: BenchRecord): string[] {
  if (load_before <= BUSY) return [];
  return [
    `The machine was busy: ${load_before.toFixed(1)} processes ran before. Only ratios are to be trusted.`,
  ];
}

function figures(result: BenchResult): string[] {
  const row = (what: string, field: keyof BenchResult, note = ""): string[] => {
    const value = result[field];
    if (typeof value !== "number") return [];
    const summary = result.samples[field];
    const samples = summary
      ? `min ${milliseconds(summary.min)}, spread ${percent(summary.spread)}, n = ${summary.n}`
      : "";
    return [`${what.padEnd(32)} ${milliseconds(value).padStart(10)} ms   ${samples}${note}`];
  };
  const rate = (ms: number | null) => (ms === null ? "" : `; ${(1000 / ms).toPrecision(3)} tokens/s`);
  return [
    ...row("ready", "load_ms"),
    ...row("  of that, opening the device", "device_ms"),
    ...row("  choosing kernels", "choice_ms"),
    ...row("first token after that", "first_token_ms"),
    ...row("prefill of 4 tokens", "prefill4_ms"),
    ...row("prefill of 64 tokens", "prefill64_ms"),
    ...row("prefill of 512 tokens", "prefill512_ms"),
    ...row("prefill of 1024 tokens", "prefill1024_ms"),
    ...row("a token at context 16", "decode_ms_per_token", rate(result.decode_ms_per_token)),
    ...row("a token at context 256", "decode256_ms_per_token", rate(result.decode256_ms_per_token)),
    ...row("a token at context 1000", "decode1000_ms_per_token", rate(result.decode1000_ms_per_token)),
    ...row("on the GPU alone, context 16", "step_gpu_ms"),
    ...row("  context 1000", "step1000_gpu_ms"),
  ];
}

function batches({ batch }: BenchResult): string[] {
  const one = batch[0]?.median;
  if (one === undefined) return [];
  return [
    "",
    "A step of several rows at context 16:",
    ...batch.map(
      ({ rows, median, spread, n }) =>
        `  ${`${rows}`.padStart(2)} ${rows === 1 ? "row " : "rows"} ${milliseconds(median).padStart(30)} ms   ` +
        `${(median / one).toFixed(2)} times one row; spread ${percent(spread)}, n = ${n}`,
    ),
  ];
}

function closeness({ agreement, precision }: BenchResult): string[] {
  if (agreement === null) return [];
  const { kl, top1, positions } = agreement;
  return [
    "",
    `${precision} beside f32: KL divergence ${kl.toExponential(1)} nats, the same first choice at ` +
      `${percent(top1)} of ${positions} positions`,
  ];
}

function roofline(result: BenchResult): string[] {
  const { bytes_per_token, dispatches_per_token, decode_gb_per_s, streaming, share_of_streaming } = result;
  const lines: string[] = [];
  if (bytes_per_token !== null) {
    lines.push(
      "",
      `${megabytes(bytes_per_token)} and ${dispatches_per_token} dispatches a token: ${gigabytes(decode_gb_per_s)}`,
    );
  }
  if (streaming.length > 0) {
    lines.push("", "Reading the same weights and doing nothing else:");
    for (const { kernel, gb_per_s } of streaming) {
      lines.push(`  ${kernel.padEnd(38)} ${gigabytes(gb_per_s).padStart(12)}`);
    }
  }
  if (share_of_streaming !== null) {
    lines.push(`A token beside reading alone: ${percent(share_of_streaming)}`);
  }
  return lines;
}

function kernels({ kernels, kernels1000, prefill_kernels, kernels_timed_by }: BenchResult): string[] {
  const alone = "Each kernel alone, its dispatches of";
  return [
    ...kernelTable(`${alone} one token at context 16 (${kernels_timed_by}):`, kernels),
    ...kernelTable("Those that read more at context 1000:", kernels1000),
    ...kernelTable(`${alone} a prefill of 512 tokens (${kernels_timed_by}):`, prefill_kernels),
  ];
}

function kernelTable(title: string, rows: readonly KernelRow[]): string[] {
  if (rows.length === 0) return [];
  const sum = rows.reduce((total, { ms }) => total + ms, 0);
  const row = (cells: string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(44) : cell.padStart(11))).join("");
  return [
    "",
    title,
    row(["  kernel", "dispatches", "ms", "share", "GB/s"]),
    ...rows.map(({ kernel, dispatches, ms, gb_per_s }) =>
      row([`  ${kernel}`, `${dispatches}`, milliseconds(ms), percent(ms / sum), gb_per_s.toPrecision(3)]),
    ),
    row(["  together", `${rows.reduce((n, { dispatches }) => n + dispatches, 0)}`, milliseconds(sum)]),
  ];
}

function overhead({ overhead }: BenchResult): string[] {
  if (overhead === null) return [];
  return [
    "",
    `A dispatch that waits for the one before it, and computes nothing: ${microseconds(overhead.dispatch_ms)}`,
    ...overhead.submissions.map(
      ({ dispatches, encode_ms, done_ms }) =>
        `  a submission of ${`${dispatches}`.padStart(3)}: ${microseconds(encode_ms)} until submitted, ` +
        `${microseconds(done_ms)} until heard to be done`,
    ),
  ];
}

function unmasked({ unmasked_ok }: BenchResult): string[] {
  if (unmasked_ok === null) return [];
  return ["", `Without a mask the ids are ${unmasked_ok ? "the notebook's, too" : "WRONG"}.`];
}

/** Three significant digits, and no fewer than the whole number has. */
export const milliseconds = (ms: number): string => (ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3));

const microseconds = (ms: number): string => `${(ms * 1000).toPrecision(3)} us`;
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const gigabytes = (gb_per_s: number | null): string =>
  gb_per_s === null ? "" : `${gb_per_s.toPrecision(3)} GB/s`;
