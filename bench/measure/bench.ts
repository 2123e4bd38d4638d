import type { Gpu } from "../../src/gpu/gpu.ts";
import type { GpuRecording } from "../../src/gpu/gpu-recording.ts";
import { GPTModel, generate } from "../../src/index.ts";
import { tunedKernels } from "../../src/kernels/autotune/autotune.ts";
import { bytesRead } from "../../src/kernels/bytes.ts";
import type { DecodeContext } from "../../src/runtime/decode-context.ts";
import { agreement } from "./agreement.ts";
import { timeBatches } from "./batches.ts";
import { DECODE_ROOM, timeDecode } from "./decode.ts";
import { notebook } from "./fixture.ts";
import { growing, timeKernels, timeStep } from "./kernels.ts";
import { timeOverhead } from "./overhead.ts";
import { type BenchOptions, type BenchResult, type Fixture, type Section, sections } from "./result.ts";
import { timeRuns } from "./sampling.ts";
import { summarize } from "./statistics.ts";
import { timeStreaming } from "./streaming.ts";
import { type Subject, subjectOf, TOP_K } from "./subject.ts";

const CONTEXT = 16;
const LONG_CONTEXT = 1000;
/** Tokens of the prefill that is taken apart. */
const PREFILL = 512;

/**
 * The benchmark, wherever there is a `navigator.gpu`. Checks the ids first, and times nothing when they are wrong.
 * `onProgress` gets the name of the section that starts.
 */
export async function bench(
  { only = sections, precision = "f32", device = "gpu", fixture = notebook }: BenchOptions = {},
  onProgress: (what: string) => void = () => {},
): Promise<BenchResult> {
  onProgress("build the model and check its ids");
  const subject = await subjectOf(fixture, precision, device);
  const result = untimed(subject);
  result.ids_ok = JSON.stringify(subject.ids) === JSON.stringify(fixture.ids);
  if (!result.ids_ok) return result;
  result.first_token_ms = subject.first_token_ms;

  const { config } = subject.model;
  const decoding = await subject.model.startDecoding({
    batch: 1,
    capacity: config.context_length,
    topK: TOP_K,
  });
  const bench: Running = { subject, fixture, decoding, result, capacity: config.context_length };
  try {
    await decoding.prefill(fixture.prompt); // records the decode step
    const possible = device === "cpu" ? sections.filter((section) => !ofGpu.includes(section)) : sections;
    for (const section of possible.filter((section) => only.includes(section))) {
      onProgress(section);
      await measure[section](bench);
    }
    result.gpu_bytes = subject.model.device.accounting.liveBytes;
  } finally {
    await decoding.destroy();
  }
  return result;
}

/** Sections that look into the GPU: on the processor the page's panel shows each kernel's time. */
const ofGpu: readonly Section[] = ["kernels", "streaming", "prefill-kernels", "overhead"];

interface Running {
  subject: Subject;
  fixture: Fixture;
  decoding: DecodeContext;
  result: BenchResult;
  /** Tokens that the cache can hold. */
  capacity: number;
}

const measure = {
  async decode(bench: Running): Promise<void> {
    const { decoding, result } = bench;
    const step = decoding.decodeRecording.dispatches;
    const bytesAt = (context: number) => bytesRead(step, context + 1);
    result.dispatches_per_token = step.length;
    result.decode_ms_per_token = await decodeAt(bench, CONTEXT, "decode_ms_per_token");
    result.bytes_per_token = bytesAt(CONTEXT);
    result.decode256_ms_per_token = await decodeAt(bench, 256, "decode256_ms_per_token");
    result.bytes256_per_token = bytesAt(256);
    result.decode1000_ms_per_token = await decodeAt(bench, 1000, "decode1000_ms_per_token");
    result.bytes1000_per_token = bytesAt(1000);
    if (result.decode_ms_per_token !== null)
      result.decode_gb_per_s = result.bytes_per_token / result.decode_ms_per_token / 1e6;
  },

  async batch({ subject, result, fixture }: Running): Promise<void> {
    result.batch = await timeBatches(subject.model, fixture.prompt[0]!, CONTEXT);
  },

  async kernels({ subject, decoding, result, capacity }: Running): Promise<void> {
    const device = subject.model.device as Gpu;
    await stepAt(decoding, CONTEXT);
    const { rows, method } = await timeKernels(device, decoding.decodeRecording.dispatches, CONTEXT + 1);
    result.kernels = rows;
    result.kernels_timed_by = method;
    result.step_gpu_ms = await timeStep(device, decoding.decodeRecording as GpuRecording);
    if (LONG_CONTEXT >= capacity) return;
    await stepAt(decoding, LONG_CONTEXT);
    const dispatches = growing(decoding.decodeRecording.dispatches);
    result.kernels1000 = (await timeKernels(device, dispatches, LONG_CONTEXT + 1)).rows;
    result.step1000_gpu_ms = await timeStep(device, decoding.decodeRecording as GpuRecording);
  },

  async streaming({ subject, decoding, result }: Running): Promise<void> {
    result.streaming = await timeStreaming(subject.model.device as Gpu, decoding.decodeRecording.dispatches);
    result.streaming_gb_per_s = result.streaming[0]?.gb_per_s ?? null;
    if (result.decode_gb_per_s !== null && result.streaming_gb_per_s !== null)
      result.share_of_streaming = result.decode_gb_per_s / result.streaming_gb_per_s;
  },

  async prefill(bench: Running): Promise<void> {
    const { result } = bench;
    result.prefill4_ms = await prefillOf(bench, 4, "prefill4_ms");
    result.prefill64_ms = await prefillOf(bench, 64, "prefill64_ms");
    result.prefill512_ms = await prefillOf(bench, 512, "prefill512_ms");
    result.prefill1024_ms = await prefillOf(bench, 1024, "prefill1024_ms");
  },

  async "prefill-kernels"({ subject, decoding, result, capacity }: Running): Promise<void> {
    if (PREFILL > capacity) return;
    const { config } = subject.model;
    const device = subject.model.device as Gpu;
    await decoding.prefill(tokens(PREFILL, config.vocab_size));
    const { rows, method } = await timeKernels(device, decoding.prefillRecording.dispatches, PREFILL);
    result.prefill_kernels = rows;
    result.kernels_timed_by = method;
  },

  async overhead({ subject, result }: Running): Promise<void> {
    result.overhead = await timeOverhead(subject.model.device as Gpu);
  },

  async unmasked({ subject, result, fixture }: Running): Promise<void> {
    if (result.precision !== "f32" || !fixture.unmasked) return;
    const { seed, config, prompt, unmasked } = fixture;
    const model = await GPTModel.fromSeed(seed, config, { mask: "none", device: subject.model.adapter.kind });
    try {
      const ids: number[] = [];
      for await (const step of generate(model, prompt, { maxNewTokens: unmasked.length }))
        ids.push(step.ids[0]!);
      result.unmasked_ok = JSON.stringify(ids) === JSON.stringify(unmasked);
    } finally {
      model.destroy();
    }
  },

  async agreement({ subject, result, fixture }: Running): Promise<void> {
    if (result.precision === "f32") return;
    const f32 = await GPTModel.fromSeed(fixture.seed, fixture.config, { device: subject.model.adapter.kind });
    try {
      result.agreement = await agreement(f32, subject.model, fixture.text);
    } finally {
      f32.destroy();
    }
  },
};

/** One step at a context of so many tokens, which leaves that length in the cache's `cache_len`. */
async function stepAt(decoding: DecodeContext, context: number): Promise<void> {
  decoding.pretendLength(context);
  await decoding.next();
}

/** Any ids, [1, length]. */
const tokens = (length: number, vocab_size: number): number[][] => [
  Array.from({ length }, (_, i) => (i * 7919) % vocab_size),
];

async function decodeAt(
  { decoding, result, capacity }: Running,
  context: number,
  field: string,
): Promise<number | null> {
  if (context + DECODE_ROOM > capacity) return null;
  return recordMedian(result, field, await timeDecode(decoding, context));
}

async function prefillOf(
  { subject, decoding, result, capacity }: Running,
  length: number,
  field: string,
): Promise<number | null> {
  if (length > capacity) return null;
  const idx = tokens(length, subject.model.config.vocab_size);
  return recordMedian(result, field, await timeRuns(() => decoding.prefill(idx)));
}

function recordMedian(result: BenchResult, field: string, values: readonly number[]): number {
  const summary = summarize(values);
  result.samples[field] = summary;
  return summary.median;
}

function untimed({ model, precision, load_ms, device_ms, choice_ms, ids }: Subject): BenchResult {
  const { features } = model.device;
  const info = model.adapter.kind === "gpu" ? (model.device as Gpu).webgpu.adapterInfo : undefined;
  const { vendor = "", architecture = "", subgroupMinSize, subgroupMaxSize } = info ?? {};
  return {
    ids_ok: false,
    ids,
    adapter: model.adapter.name,
    vendor,
    architecture,
    is_software: model.adapter.isSoftware,
    precision,
    features: [...features].sort(),
    subgroup_sizes: subgroupMinSize && subgroupMaxSize ? [subgroupMinSize, subgroupMaxSize] : null,
    variants: tunedKernels(model.device),
    load_ms,
    device_ms,
    choice_ms,
    first_token_ms: null,
    gpu_bytes: null,
    prefill4_ms: null,
    prefill64_ms: null,
    prefill512_ms: null,
    prefill1024_ms: null,
    decode_ms_per_token: null,
    decode256_ms_per_token: null,
    decode1000_ms_per_token: null,
    top_k: TOP_K,
    dispatches_per_token: null,
    bytes_per_token: null,
    bytes256_per_token: null,
    bytes1000_per_token: null,
    decode_gb_per_s: null,
    streaming_gb_per_s: null,
    share_of_streaming: null,
    streaming: [],
    batch: [],
    agreement: null,
    kernels: [],
    kernels1000: [],
    step_gpu_ms: null,
    step1000_gpu_ms: null,
    prefill_kernels: [],
    kernels_timed_by: null,
    overhead: null,
    unmasked_ok: null,
    samples: {},
  };
}
