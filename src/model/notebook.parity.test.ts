import { expect, it } from "vitest";
import notebook from "../../tools/parity/notebook.json";
import { generate } from "../generate/generate.ts";
import { GPT_CONFIG_124M } from "./config.ts";
import { GPTModel } from "./gpt-model.ts";

it("quick", async () => {
  let t = performance.now();
  const model = await GPTModel.fromSeed(123, GPT_CONFIG_124M);
  console.log("ready", performance.now() - t, model.adapter);
  t = performance.now();
  const ids: number[] = [];
  for await (const step of generate(model, notebook.prompt, { maxNewTokens: 10 })) {
    console.log(step.ids, performance.now() - t, JSON.stringify(step.top[0]!.slice(0, 2)));
    t = performance.now();
    ids.push(...step.ids);
  }
  expect(ids).toEqual(notebook.causal.generated.slice(4, 14));
  model.destroy();
});
