import { describe, expect, it } from "vitest";
import { summarize } from "../measure/statistics.ts";
import { type BenchRecord, fileNameOf } from "./record.ts";
import { milliseconds, report } from "./report.ts";

const record: BenchRecord = {
  date: "2025-11-22T20:00:00Z",
  commit: "abc1234",
  runtime: "Chromium 156.0",
  machine: "a processor, 2 cores",
  load_before: 0.1,
  ids_ok: true,
  ids: [1],
  adapter: "SwiftShader Device (Subzero)",
  vendor: "google",
  architecture: "swiftshader",
  is_software: true,
  precision: "f32",
  features: ["subgroups", "timestamp-query"],
  subgroup_sizes: [4, 4],
  variants: { one: "matvec", few: "matvec", many: "matmul", attention: "workgroup" },
  load_ms: 2500.4,
  device_ms: 20,
  choice_ms: 400,
  first_token_ms: null,
  gpu_bytes: null,
  prefill4_ms: null,
  prefill64_ms: null,
  prefill512_ms: null,
  prefill1024_ms: null,
  decode_ms_per_token: 250,
  decode256_ms_per_token: null,
  decode1000_ms_per_token: null,
  top_k: 10,
  dispatches_per_token: 62,
  bytes_per_token: 494e6,
  bytes256_per_token: null,
  bytes1000_per_token: null,
  decode_gb_per_s: 1.976,
  streaming_gb_per_s: 3.952,
  share_of_streaming: 0.5,
  streaming: [{ kernel: "sum, register", gb_per_s: 3.952 }],
  batch: [
    { rows: 1, ...summarize([200, 200]) },
    { rows: 4, ...summarize([300, 300]) },
  ],
  agreement: null,
  kernels: [
    { kernel: "matvec 768 -> 3072", dispatches: 12, ms: 30, bytes: 113e6, gb_per_s: 3.77 },
    { kernel: "argmax", dispatches: 1, ms: 10, bytes: 0, gb_per_s: 0 },
  ],
  kernels1000: [{ kernel: "attention", dispatches: 12, ms: 5, bytes: 74e6, gb_per_s: 14.8 }],
  step_gpu_ms: 36,
  step1000_gpu_ms: 44,
  prefill_kernels: [{ kernel: "matmul 768 -> 768", dispatches: 12, ms: 90, bytes: 28e6, gb_per_s: 0.31 }],
  kernels_timed_by: "timestamp-query, in steps of 100 us",
  overhead: {
    dispatch_ms: 0.004,
    submissions: [
      { dispatches: 1, encode_ms: 0.02, done_ms: 0.5 },
      { dispatches: 63, encode_ms: 0.1, done_ms: 0.8 },
    ],
  },
  unmasked_ok: true,
  samples: { decode_ms_per_token: summarize([240, 250, 290, 245, 255]) },
};

describe("report", () => {
  const lines = report(record).split("\n");
  const line = (start: string) => lines.find((text) => text.trim().startsWith(start))?.replace(/ +/g, " ");

  it("says what was measured, and on what", () => {
    expect(lines[0]).toBe("SwiftShader Device (Subzero) (google swiftshader, a GPU in software)");
    expect(lines[1]).toBe("Chromium 156.0 on a processor, 2 cores");
  });

  it("sets steps of several rows in relation to that of one", () => {
    expect(line("4 rows")).toBe(" 4 rows 300 ms 1.50 times one row; spread 0 %, n = 2");
    expect(report({ ...record, batch: [] })).not.toContain("several rows");
  });

  it("says how close packed weights are to f32", () => {
    expect(report(record)).not.toContain("beside f32");
    const agreement = { positions: 44, kl: 1.23e-6, top1: 0.5 };
    expect(report({ ...record, precision: "f16", agreement })).toContain(
      "f16 beside f32: KL divergence 1.2e-6 nats, the same first choice at 50 % of 44 positions",
    );
  });

  it("warns when the machine was busy with something else", () => {
    expect(report(record)).not.toContain("busy");
    expect(report({ ...record, load_before: 3.14 })).toContain(
      "The machine was busy: 3.1 processes ran before.",
    );
  });

  it("gives a median with its samples, and a single value without", () => {
    expect(line("a token at context 16")).toBe(
      "a token at context 16 250 ms min 240, spread 20 %, n = 5; 4.00 tokens/s",
    );
    expect(line("ready")).toBe("ready 2500 ms ");
  });

  it("leaves out what was not measured", () => {
    expect(line("a token at context 256")).toBeUndefined();
    expect(line("prefill")).toBeUndefined();
  });

  it("sets the token's bandwidth against the roofline", () => {
    expect(line("494.0 MB")).toBe("494.0 MB and 62 dispatches a token: 1.98 GB/s");
    expect(line("A token beside")).toBe("A token beside reading alone: 50 %");
  });

  it("says what the adapter has, and what it chose", () => {
    expect(line("features")).toBe("features: subgroups, timestamp-query; 4 in a subgroup");
    expect(line("chosen")).toBe(
      "chosen: matvec for one row, matvec for a few, matmul for many, attention by workgroup",
    );
    expect(report({ ...record, features: [], subgroup_sizes: null })).toContain("features: none\n");
  });

  it("says what dispatches and submissions cost", () => {
    expect(line("A dispatch that waits")).toContain("4.00 us");
    expect(line("a submission of  63")).toBe(
      " a submission of 63: 100 us until submitted, 800 us until heard to be done",
    );
  });

  it("says whether the ids are right without a mask, too", () => {
    expect(line("Without a mask")).toBe("Without a mask the ids are the notebook's, too.");
    expect(report({ ...record, unmasked_ok: false })).toContain("WRONG");
  });

  it("gives the kernels that grow with the context, and those of a prefill, tables of their own", () => {
    expect(line("attention")?.trim()).toBe("attention 12 5.00 100 % 14.8");
    expect(line("matmul 768")?.trim()).toBe("matmul 768 -> 768 12 90.0 100 % 0.310");
  });

  it("gives each kernel's share of their sum", () => {
    expect(line("matvec 768")?.trim()).toBe("matvec 768 -> 3072 12 30.0 75 % 3.77");
    expect(line("together")?.trim()).toBe("together 13 40.0");
  });
});

describe("fileNameOf", () => {
  it("is the day and the adapter", () => {
    expect(fileNameOf(record)).toBe("2025-11-22-google-swiftshader.json");
  });

  it("names a precision that is not the default", () => {
    expect(fileNameOf({ ...record, precision: "f16" })).toBe("2025-11-22-google-swiftshader-f16.json");
  });

  it("tells Node from a browser, and falls back on the adapter's name", () => {
    const node = {
      ...record,
      runtime: "Node 20",
      vendor: "",
      architecture: "",
      adapter: "NVIDIA H200 (PCIe)",
    };
    expect(fileNameOf(node)).toBe("2025-11-22-nvidia-h200-pcie-node.json");
  });
});

it("rounds milliseconds to what can be read", () => {
  expect([1234.5, 99.96, 3.456, 0.01234].map(milliseconds)).toEqual(["1235", "100", "3.46", "0.0123"]);
});
