import type { Gpu } from "../../src/gpu/gpu.ts";
import { sharedGpu } from "../../src/gpu/shared-gpu.ts";
import { attentionLadder } from "./attention.ts";
import { climbAttentionInStep } from "./attention-in-step.ts";
import { climb } from "./climb.ts";
import { normLadder } from "./norm.ts";
import { decodeLadder, fewRowsLadder, prefillLadder } from "./products.ts";
import { type LadderSubject, type LaddersResult, ladderSubjects } from "./result.ts";
import type { Ladder } from "./rung.ts";
import { climbStep } from "./step.ts";

const productLadders: readonly ((device: Gpu) => Ladder)[] = [
  decodeLadder,
  normLadder,
  fewRowsLadder,
  prefillLadder,
];

/** Contexts and prompts that attention is timed with. In software a layer of the longest prompts takes half a minute. */
const contexts = [16, 256, 1000];
const promptsFor = (isSoftware: boolean) => (isSoftware ? [64] : [64, 512, 1024]);

const attentionLadders = (isSoftware: boolean): ((device: Gpu) => Ladder)[] => [
  ...contexts.map((context) => (device: Gpu) => attentionLadder(device, 1, context - 1)),
  ...promptsFor(isSoftware).map((length) => (device: Gpu) => attentionLadder(device, length, 0)),
];

/** Ladders, rung by rung; wherever there is a `navigator.gpu`. Throws when a rung computes wrong numbers. */
export async function climbAll(
  about: readonly LadderSubject[] = ladderSubjects,
  onProgress: (what: string) => void = () => {},
): Promise<LaddersResult> {
  const device = await sharedGpu();
  const { adapter } = device;
  const { vendor, architecture } = device.webgpu.adapterInfo;
  const { isSoftware } = adapter;
  const laddersAbout = { products: productLadders, attention: attentionLadders(isSoftware), step: [] };
  const results = [];
  for (const make of about.flatMap((subject) => laddersAbout[subject])) {
    const ladder = make(device);
    onProgress(ladder.title);
    try {
      results.push(await climb(device, ladder));
    } finally {
      ladder.destroy();
    }
  }
  if (about.includes("attention")) {
    onProgress("attention in the whole step");
    results.push(...(await climbAttentionInStep(contexts, promptsFor(isSoftware))));
  }
  if (about.includes("step")) {
    onProgress("the whole step");
    results.push(await climbStep());
  }
  return { adapter: adapter.name, vendor, architecture, is_software: isSoftware, ladders: results };
}
