import { expect, it, vi } from "vitest";
import { openEngine } from "../gpu/engine.ts";
import { expectLiveBytes, tiny } from "../test/models.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { allocateTensors } from "./allocate-tensors.ts";

it("is stopped before the next group, and frees what it has", async () => {
  const engine = await openEngine();
  const { gpu } = engine;
  // Embedding and head are larger than a group: three groups.
  const source = seededWeights(tiny.seed, { ...tiny.config, vocab_size: 70_000, emb_dim: 128 });
  const stop = new AbortController();
  const create = gpu.createStorage.bind(gpu);
  const created: string[] = [];
  vi.spyOn(gpu, "createStorage").mockImplementation((label, bytes) => {
    created.push(label);
    stop.abort();
    return create(label, bytes);
  });
  await expect(allocateTensors(gpu, source, "f32", stop.signal)).rejects.toMatchObject({ code: "aborted" });
  expect(created).toEqual(["tok_emb.weight"]);
  await expectLiveBytes(engine, 0);
  gpu.destroy();
});
