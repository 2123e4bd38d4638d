import { GPTModel } from "../../src/index.ts";
import type { DecodeContext } from "../../src/runtime/decode-context.ts";
import { notebook } from "../measure/fixture.ts";
import { TOP_K } from "../measure/subject.ts";
import { type Side, timeRun } from "./timed-run.ts";

let side: Side;

window.__open = async (threads) => {
  const device = threads === undefined ? "gpu" : "cpu";
  const model = await GPTModel.fromSeed(notebook.seed, notebook.config, { device });
  const capacity = notebook.config.context_length;
  side = sideOf(await model.startDecoding({ batch: 1, capacity, topK: TOP_K }));
  return model.adapter.name;
};
window.__timeRun = (prompt, tokens) => timeRun(side, prompt, tokens);

const sideOf = (decoding: DecodeContext): Side => ({
  prefill: async (ids) => (await decoding.prefill([[...ids]])).ids[0]!,
  next: async () => (await decoding.next()).ids[0]!,
});
