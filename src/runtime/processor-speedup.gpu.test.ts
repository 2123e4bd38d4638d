import { expect, it } from "vitest";
import { expectLiveBytes, testDevice, tiny, withModel } from "../test/models.ts";
import { processorSpeedup } from "./processor-speedup.ts";

it("how much faster the processor is, is measured once, keeps nothing, and holds up no model that is loaded then", async () => {
  const device = await testDevice();
  const before = device.accounting.liveBytes;
  const speedup = await processorSpeedup(device, {});
  expect(speedup).toBeGreaterThan(0.01);
  expect(speedup).toBeLessThan(1000);
  await expectLiveBytes(device, before);
  const { createdBytes } = device.accounting;
  expect(await processorSpeedup(device, {})).toBe(speedup);
  expect(device.accounting.createdBytes).toBe(createdBytes);
  await withModel(tiny, async (model) => {
    expect((await model.forward([[1, 2]])).shape).toEqual([1, 2, 61]);
  });
});
