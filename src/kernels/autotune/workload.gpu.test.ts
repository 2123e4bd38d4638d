import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Engine, openEngine } from "../../gpu/engine.ts";
import { tuningTasks } from "./tuning-tasks.ts";
import { Workload } from "./workload.ts";

let engine: Engine;
beforeEach(async () => {
  engine = await openEngine();
});
afterEach(() => {
  vi.restoreAllMocks();
  engine.gpu.destroy();
});

const { one } = tuningTasks;
const bytesOf = (sizes: Readonly<Record<string, number>>) =>
  Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);

it("reads every copy of the weights in turn, and gives them back", async () => {
  const create = vi.spyOn(engine.gpu, "createStorage");
  const workload = await Workload.open(engine, one, ["matmulRegister"], 3);
  expect(create.mock.calls.filter(([label]) => label === "task w")).toHaveLength(3);
  expect(engine.gpu.accounting.liveBytes).toBeGreaterThanOrEqual(
    bytesOf(one.bytes) + 3 * bytesOf(one.weights),
  );

  const dispatch = vi.spyOn(GPUComputePassEncoder.prototype, "dispatchWorkgroups");
  expect(await workload.time("matmulRegister", 2)).toBeGreaterThan(0);
  expect(dispatch).toHaveBeenCalledTimes(2 * 3);

  workload.destroy();
  await engine.gpu.finished();
  expect(engine.gpu.accounting.liveBytes).toBe(0);
});

it("keeps nothing where there is no room for it", async () => {
  const { createStorage } = engine.gpu;
  let created = 0;
  vi.spyOn(engine.gpu, "createStorage").mockImplementation((label, bytes) => {
    if (++created > 5) throw new Error("no room");
    return createStorage.call(engine.gpu, label, bytes);
  });
  await expect(Workload.open(engine, one, ["matmulRegister"], 3)).rejects.toThrow("no room");
  expect(engine.gpu.accounting.liveBytes).toBe(0);
});
