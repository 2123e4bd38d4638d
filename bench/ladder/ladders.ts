import { type Engine, sharedEngine } from "../../src/gpu/engine.ts";
import { attentionLadder } from "./attention.ts";
import { climb } from "./climb.ts";
import { normLadder } from "./norm.ts";
import { decodeLadder, fewRowsLadder, prefillLadder } from "./products.ts";
import type { LaddersResult } from "./result.ts";
import type { Ladder } from "./rung.ts";
import { climbStep } from "./step.ts";

const ladders: readonly ((engine: Engine) => Ladder)[] = [
  decodeLadder,
  normLadder,
  (engine) => attentionLadder(engine, 1, 999),
  fewRowsLadder,
  prefillLadder,
  (engine) => attentionLadder(engine, 64, 0),
];

/** Every ladder, rung by rung; wherever there is a `navigator.gpu`. Throws when a rung computes wrong numbers. */
export async function climbAll(onProgress: (what: string) => void = () => {}): Promise<LaddersResult> {
  const engine = await sharedEngine();
  const { adapter, device } = engine.gpu;
  const { vendor, architecture } = device.adapterInfo;
  const results = [];
  for (const make of ladders) {
    const ladder = make(engine);
    onProgress(ladder.title);
    try {
      results.push(await climb(engine, ladder));
    } finally {
      ladder.destroy();
    }
  }
  onProgress("the whole step");
  results.push(await climbStep());
  return { adapter: adapter.name, vendor, architecture, is_software: adapter.isSoftware, ladders: results };
}
