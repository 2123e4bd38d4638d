import { expect, it } from "vitest";
import { Processor } from "../cpu/processor.ts";
import { buildModel, tiny } from "../test/models.ts";
import { generate } from "./generate.ts";

it("500 steps on the processor, most of which read the whole context, leave its memory as it was", async () => {
  const processor = await Processor.open();
  const model = await buildModel(processor, tiny);
  const once = async (maxNewTokens: number) => {
    let steps = 0;
    for await (const { ids } of generate(model, [[1, 2, 3]], { maxNewTokens })) steps += ids.length;
    expect(steps).toBe(maxNewTokens);
    return processor.accounting.liveBytes;
  };
  const before = await once(5);
  const behind = processor.createStorage("behind all that is held", 4);
  processor.destroyBuffer(behind);
  expect(await once(500)).toBe(before);
  expect(processor.createStorage("behind all that is held", 4).address).toBe(behind.address);
  model.destroy();
  await expect.poll(() => processor.accounting.liveBytes).toBe(4);
  processor.destroy();
});
