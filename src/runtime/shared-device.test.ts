import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Device } from "../device/device.ts";
import { NextTokenError, type NextTokenErrorCode } from "../errors.ts";
import { distrust, sharedDevice, trustAgain } from "./shared-device.ts";

const devices = vi.hoisted(() => ({ gpu: vi.fn(), processor: vi.fn() }));
vi.mock("../gpu/shared-gpu.ts", () => ({ sharedGpu: devices.gpu }));
vi.mock("../cpu/shared-processor.ts", () => ({ sharedProcessor: devices.processor }));

const processor = { adapter: { kind: "cpu" } } as Device;

/** A GPU that is lost when somebody says so. */
function aGpu() {
  let lose: (failure: NextTokenError) => void = () => {};
  const lost = new Promise<NextTokenError>((resolve) => {
    lose = resolve;
  });
  const device = { adapter: { kind: "gpu" }, lost } as unknown as Device;
  return { device, lose: () => lose(new NextTokenError("device-lost", "It is gone.")) };
}

const failing = (code: NextTokenErrorCode) => new NextTokenError(code, `The sentence of ${code}.`);

beforeEach(() => {
  trustAgain();
  devices.gpu.mockReset();
  devices.processor.mockReset().mockResolvedValue(processor);
});

describe("where there is a GPU", () => {
  it.each(["auto", "gpu", undefined] as const)("it computes, with %s", async (choice) => {
    const { device } = aGpu();
    devices.gpu.mockResolvedValue(device);
    expect(await sharedDevice(choice)).toEqual({ device });
    expect(devices.processor).not.toHaveBeenCalled();
  });

  it("the processor computes where it was chosen, and the GPU is not asked for", async () => {
    expect(await sharedDevice("cpu")).toEqual({ device: processor });
    expect(devices.gpu).not.toHaveBeenCalled();
  });

  it("one that was lost twice is not asked for again, unless somebody insists", async () => {
    const [first, second, third] = [aGpu(), aGpu(), aGpu()];
    for (const { device, lose } of [first, second]) {
      devices.gpu.mockResolvedValue(device);
      expect(await sharedDevice()).toEqual({ device });
      expect(await sharedDevice()).toEqual({ device }); // asked for twice, lost once
      lose();
      await device.lost;
    }
    devices.gpu.mockResolvedValue(third.device);
    expect(await sharedDevice()).toEqual({ device: processor, insteadOfGpu: "device-lost" });
    expect(await sharedDevice("gpu")).toEqual({ device: third.device });
  });

  it("one that computed wrong numbers is not asked for again", async () => {
    devices.gpu.mockResolvedValue(aGpu().device);
    distrust(failing("known-answer-failed"));
    expect(await sharedDevice()).toEqual({ device: processor, insteadOfGpu: "known-answer-failed" });
    expect(devices.gpu).not.toHaveBeenCalled();
  });
});

describe("where there is none", () => {
  it.each(["insecure-context", "no-webgpu", "no-adapter", "limits-too-small"] as const)(
    "the processor computes, because of %s; who insists on a GPU is told of it",
    async (code) => {
      devices.gpu.mockRejectedValue(failing(code));
      expect(await sharedDevice()).toEqual({ device: processor, insteadOfGpu: code });
      await expect(sharedDevice("gpu")).rejects.toMatchObject({ code });
    },
  );

  it("and no WebAssembly either, both are said", async () => {
    devices.gpu.mockRejectedValue(failing("no-webgpu"));
    devices.processor.mockRejectedValue(failing("no-webassembly"));
    await expect(sharedDevice()).rejects.toMatchObject({
      code: "no-webassembly",
      message: "The sentence of no-webgpu. The sentence of no-webassembly.",
    });
  });

  it("what else goes wrong is no reason for the processor", async () => {
    devices.gpu.mockRejectedValue(failing("out-of-memory"));
    await expect(sharedDevice()).rejects.toMatchObject({ code: "out-of-memory" });
    devices.gpu.mockRejectedValue(failing("no-webgpu"));
    devices.processor.mockRejectedValue(new Error("own"));
    await expect(sharedDevice()).rejects.toThrow("own");
  });
});
