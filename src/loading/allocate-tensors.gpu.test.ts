import { expect, it, vi } from "vitest";
import { openGpu } from "../gpu/open-gpu.ts";
import { expectLiveBytes, tiny } from "../test/models.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { allocateTensors } from "./allocate-tensors.ts";

it("is stopped before the next group, and frees what it has", async () => {
  const device = await openGpu();
  // Embedding and head are larger than a group: three groups.
  const source = seededWeights(tiny.seed, { ...tiny.config, vocab_size: 70_000, emb_dim: 128 });
  const stop = new AbortController();
  const create = device.createStorage.bind(device);
  const created: string[] = [];
  vi.spyOn(device, "createStorage").mockImplementation((label, bytes) => {
    created.push(label);
    stop.abort();
    return create(label, bytes);
  });
  await expect(allocateTensors(device, source, "f32", stop.signal)).rejects.toMatchObject({
    code: "aborted",
  });
  expect(created).toEqual(["tok_emb.weight"]);
  await expectLiveBytes(device, 0);
  device.destroy();
});
