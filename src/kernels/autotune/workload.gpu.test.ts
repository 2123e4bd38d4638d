import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Gpu } from "../../gpu/gpu.ts";
import { openGpu } from "../../gpu/open-gpu.ts";
import { tuningTasks } from "./tuning-tasks.ts";
import { Workload } from "./workload.ts";

let device: Gpu;
beforeEach(async () => {
  device = await openGpu();
});
afterEach(() => {
  vi.restoreAllMocks();
  device.destroy();
});

const { one } = tuningTasks;
const bytesOf = (sizes: Readonly<Record<string, number>>) =>
  Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);

it("reads every copy of the weights in turn, and gives them back", async () => {
  const create = vi.spyOn(device, "createStorage");
  const workload = await Workload.open(device, one, ["matmulRegister"], 3);
  expect(create.mock.calls.filter(([label]) => label === "task w")).toHaveLength(3);
  expect(device.accounting.liveBytes).toBeGreaterThanOrEqual(bytesOf(one.bytes) + 3 * bytesOf(one.weights));

  const dispatch = vi.spyOn(GPUComputePassEncoder.prototype, "dispatchWorkgroups");
  expect(await workload.time("matmulRegister", 2)).toBeGreaterThan(0);
  expect(dispatch).toHaveBeenCalledTimes(2 * 3);

  workload.destroy();
  await device.finished();
  expect(device.accounting.liveBytes).toBe(0);
});

it("keeps nothing where there is no room for it", async () => {
  const { createStorage } = device;
  let created = 0;
  vi.spyOn(device, "createStorage").mockImplementation((label, bytes) => {
    if (++created > 5) throw new Error("no room");
    return createStorage.call(device, label, bytes);
  });
  await expect(Workload.open(device, one, ["matmulRegister"], 3)).rejects.toThrow("no room");
  expect(device.accounting.liveBytes).toBe(0);
});
