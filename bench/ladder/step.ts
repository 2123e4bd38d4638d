import type { DispatchInfo, Recording } from "../../src/device/recording.ts";
import { argmax } from "../../src/reference/argmax.ts";
import type { DecodeContext } from "../../src/runtime/decode-context.ts";
import { timeDecode } from "../measure/decode.ts";
import { notebook } from "../measure/fixture.ts";
import { summarize } from "../measure/statistics.ts";
import { type Subject, subjectOf, TOP_K } from "../measure/subject.ts";
import type { LadderResult } from "./result.ts";

const TOKENS = 5;
const CONTEXT = 16;

/** One way to run a decode step; resolves to the id that it chooses. */
type Step = () => Promise<number>;

/** The whole decode step of the notebook's model, with ever fewer submissions and less data read back. */
export async function climbStep(): Promise<LadderResult> {
  const subject = await subjectOf(notebook, "f32", "gpu");
  const { context_length } = subject.model.config;
  const decoding = await subject.model.startDecoding({ batch: 1, capacity: context_length, topK: TOP_K });
  const recordings: Recording[] = [];
  try {
    await decoding.prefill(notebook.prompt); // records the decode step
    const dispatches = decoding.decodeRecording.dispatches;
    const isChoice = ({ kernel }: DispatchInfo) => kernel.label === "top-k";
    const record = async (part: readonly DispatchInfo[]) => {
      const recording = await recordingOf(subject, part);
      recordings.push(recording);
      return recording;
    };
    const forward = dispatches.filter((dispatch) => !isChoice(dispatch));
    const each = await Promise.all(forward.map((dispatch) => record([dispatch])));
    const logitsOnly = await record(forward);
    const whole = await record(dispatches);
    const { chosen, logits } = dispatches.find(isChoice)!.buffers;
    const { device } = subject.model;

    const steps: { name: string; step: Step }[] = [
      {
        name: "one submission a kernel, logits read back, argmax in JavaScript",
        step: async () => {
          for (const recording of each) recording.run();
          const row = new Float32Array(await device.read(logits!));
          return argmax(row, row.length)[0]!;
        },
      },
      {
        name: "one submission, one pass; logits read back",
        step: async () => {
          logitsOnly.run();
          const row = new Float32Array(await device.read(logits!));
          return argmax(row, row.length)[0]!;
        },
      },
      {
        name: "argmax and the top ten on the GPU, one token at a time",
        step: async () => {
          whole.run();
          return new Uint32Array(await device.read(chosen!))[0]!;
        },
      },
    ];
    const rungs = [];
    for (const { name, step } of steps) {
      await check(subject, decoding, name, step);
      rungs.push({ name, file: "bench/ladder/step.ts", ms: await time(decoding, step) });
    }
    // What generate does. Its ids were checked when the subject was built.
    const ms = summarize(await timeDecode(decoding, CONTEXT)).min;
    rungs.push({ name: "the next tokens under way meanwhile", file: "src/runtime/decode-context.ts", ms });
    return { title: "The whole step: one token of GPT-2 124M at context 16, weights in f32", rungs };
  } finally {
    for (const recording of recordings) recording.destroy();
    await decoding.destroy();
  }
}

async function recordingOf({ model }: Subject, dispatches: readonly DispatchInfo[]): Promise<Recording> {
  const { device } = model;
  const recording = device.createRecording("ladder step");
  for (const { kernel, buffers, dims, constants } of dispatches) {
    recording.add(kernel, buffers, dims, constants);
  }
  await recording.prepare();
  return recording;
}

/** The step after the prompt's first token must choose the second id that the notebook's model says. */
async function check(subject: Subject, decoding: DecodeContext, name: string, step: Step): Promise<void> {
  await decoding.prefill(notebook.prompt);
  setLength(subject, decoding, notebook.prompt[0]!.length);
  const id = await step();
  if (id !== notebook.ids[1])
    throw new Error(`The rung "${name}" chooses ${id}, not ${notebook.ids[1]}: it was not timed.`);
  setLength(subject, decoding, CONTEXT);
}

/** Writes how many tokens are in the cache, as `DecodeContext` does before each step. */
function setLength({ model }: Subject, { decodeRecording }: DecodeContext, cache_len: number): void {
  const buffer = decodeRecording.dispatches.find(({ buffers }) => buffers.cache_len)!.buffers.cache_len!;
  model.device.write(buffer, 0, Uint32Array.of(cache_len));
}

async function time(decoding: DecodeContext, step: Step): Promise<number> {
  decoding.pretendLength(CONTEXT);
  await step();
  const times: number[] = [];
  while (times.length < TOKENS) {
    const start = performance.now();
    await step();
    times.push(performance.now() - start);
  }
  return summarize(times).min;
}
