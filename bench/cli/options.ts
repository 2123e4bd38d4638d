import { parseArgs } from "node:util";
import type { Precision } from "../../src/kernels/weight-format.ts";
import { type LadderSubject, ladderSubjects } from "../ladder/result.ts";
import { type Section, sections } from "../measure/result.ts";

export interface Options {
  only: readonly Section[];
  /** How the weights are stored on the GPU. */
  precision: Precision;
  /** Who computes. */
  device: "gpu" | "cpu";
  /** Whether the page is isolated from others, so that the processor's threads may share memory. */
  isolated: boolean;
  /** Where the result goes; by default to bench/results. */
  json?: string | undefined;
  /** On Dawn in Node instead of in a browser. */
  node: boolean;
  /** Climb the ladders instead of measuring the model. */
  ladder: boolean;
  /** Which ladders. */
  about: readonly LadderSubject[];
  /** Folder to pack the Node benchmark into. */
  pack?: string | undefined;
  /** Commit to compare the working tree to. */
  compare?: string | undefined;
  /** How often a comparison runs each of the two. */
  rounds: number;
}

export const usage = `npm run bench -- [option ...]
  --only SECTION,...  of ${sections.join(", ")}
  --precision KIND    store the weights in f32 (default), f16 or int8
  --device KIND       gpu (default), or cpu: the processor, in one thread
  --isolated          on an isolated page, where the processor's threads share memory
  --json FILE         write the result there instead of into bench/results
  --node              measure on Dawn in Node instead of in a browser
  --ladder            from the naive kernels to today's, rung by rung (docs/speed.md); also with --node
  --about SUBJECT,... only the ladders about some of ${ladderSubjects.join(", ")}
  --pack FOLDER       write what --node runs into FOLDER, to be carried to another machine
  --compare COMMIT    measure COMMIT and the working tree alternately, and print the ratios (decode, unless --only)
  --rounds N          rounds of a comparison; default 3`;

/** Throws, with a sentence and the usage, on what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parsed(args);
  const only = values.only?.split(",") ?? (values.compare === undefined ? sections : ["decode"]);
  const about = values.about?.split(",") ?? ladderSubjects;
  for (const section of only) {
    if (!(sections as readonly string[]).includes(section))
      throw misused(`There is no section "${section}".`);
  }
  for (const subject of about) {
    if (!(ladderSubjects as readonly string[]).includes(subject))
      throw misused(`There is no ladder about "${subject}".`);
  }
  const { device } = values;
  if (device !== "gpu" && device !== "cpu") throw misused(`There is no device "${device}".`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw misused("--rounds takes a whole number from 1 on.");
  return {
    ...values,
    only: only as Section[],
    about: about as LadderSubject[],
    precision: values.precision as Precision,
    device,
    rounds,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string" },
        precision: { type: "string", default: "f32" },
        device: { type: "string", default: "gpu" },
        isolated: { type: "boolean", default: false },
        json: { type: "string" },
        node: { type: "boolean", default: false },
        ladder: { type: "boolean", default: false },
        about: { type: "string" },
        pack: { type: "string" },
        compare: { type: "string" },
        rounds: { type: "string", default: "3" },
      },
    });
  } catch (error) {
    throw misused((error as Error).message);
  }
}

const misused = (reason: string) => new Error(`${reason}\n${usage}`);
