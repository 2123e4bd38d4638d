import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NextTokenError } from "../errors.ts";
import { Gpu } from "./gpu.ts";
import { openGpu, requestGpu } from "./open-gpu.ts";

afterEach(() => vi.unstubAllGlobals());

/** A GPU's front door that leads to `adapter`. */
const provider = (adapter: GPUAdapter | null) => ({ requestAdapter: async () => adapter }) as unknown as GPU;

const enough = {
  maxStorageBuffersPerShaderStage: 8,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxStorageBufferBindingSize: 134217728,
  maxBufferSize: 268435456,
};

/** An adapter with these limits and this description, whose device does nothing but record how it was asked for. */
function fakeAdapter({ limits = {}, info = {}, features = [] as string[] }) {
  const requestDevice = vi.fn(async (_: GPUDeviceDescriptor) => ({
    lost: new Promise<unknown>(() => {}),
    addEventListener: () => {},
  }));
  const adapter = { limits: { ...enough, ...limits }, features: new Set(features), info, requestDevice };
  return { adapter: adapter as unknown as GPUAdapter, requestDevice };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: NextTokenError) => {
      expect(error).toBeInstanceOf(NextTokenError);
      expect(error.message, "says what happened and what to do").toMatch(/^[A-Z].+\. .+\.$/);
      return error.code;
    },
  );

describe("says why there is no GPU", () => {
  it("when the page is not secure, even if WebGPU seems to be there", async () => {
    vi.stubGlobal("isSecureContext", false);
    expect(await codeOf(openGpu(undefined))).toBe("insecure-context");
    expect(await codeOf(openGpu(provider(fakeAdapter({}).adapter)))).toBe("insecure-context");
  });

  it("when the browser has no WebGPU", async () => {
    vi.stubGlobal("navigator", {});
    expect(await codeOf(openGpu())).toBe("no-webgpu");
    vi.stubGlobal("navigator", undefined);
    expect(await codeOf(openGpu())).toBe("no-webgpu");
  });

  it("when WebGPU offers no adapter", async () => {
    expect(await codeOf(openGpu(provider(null)))).toBe("no-adapter");
  });

  it("when the GPU goes away after it was offered", async () => {
    const { adapter, requestDevice } = fakeAdapter({});
    requestDevice.mockRejectedValue(new DOMException("gone", "OperationError"));
    const requestAdapter = vi.fn(async () => null as GPUAdapter | null).mockResolvedValueOnce(adapter);
    expect(await codeOf(openGpu({ requestAdapter } as unknown as GPU))).toBe("device-lost");
  });

  it("when the driver opens it in no way, in the driver's words and without waiting", async () => {
    vi.useFakeTimers();
    const { adapter, requestDevice } = fakeAdapter({});
    requestDevice.mockRejectedValue(new DOMException("D3D12 failed", "OperationError"));
    const opening = openGpu(provider(adapter));
    expect(await codeOf(opening)).toBe("no-adapter"); // which nobody waits for, as for a device that is lost
    await expect(opening).rejects.toThrow("D3D12 failed");
    vi.useRealTimers();
  });

  it.each([
    ["maxStorageBuffersPerShaderStage", 7],
    ["maxComputeInvocationsPerWorkgroup", 255],
    ["maxComputeWorkgroupStorageSize", 16383],
  ])("when %s is only %i", async (name, value) => {
    const { adapter, requestDevice } = fakeAdapter({ limits: { [name]: value } });
    const opening = openGpu(provider(adapter));
    expect(await codeOf(opening)).toBe("limits-too-small");
    await expect(opening).rejects.toThrow(`${name} ${value}`);
    expect(requestDevice).not.toHaveBeenCalled();
  });
});

it("asks once more where the browser has no adapter for a moment, as when the GPU's process starts again", async () => {
  const { adapter } = fakeAdapter({});
  const requestAdapter = vi.fn(async () => adapter as GPUAdapter | null).mockResolvedValueOnce(null);
  await openGpu({ requestAdapter } as unknown as GPU);
  expect(requestAdapter).toHaveBeenCalledTimes(2);
});

describe("a driver that refuses what it offered", () => {
  const refuses = (isTooMuch: (asked: GPUDeviceDescriptor) => boolean) => {
    const fake = fakeAdapter({ features: ["subgroups"], limits: { maxBufferSize: 2 ** 32 } });
    const open = fake.requestDevice.getMockImplementation()!;
    fake.requestDevice.mockImplementation(async (asked) => {
      if (isTooMuch(asked)) throw new DOMException("Not this.", "OperationError");
      return open(asked);
    });
    return fake;
  };

  it.each([
    ["a limit", ({ requiredLimits }: GPUDeviceDescriptor) => Object.keys(requiredLimits!).length > 0],
    ["a feature", ({ requiredFeatures }: GPUDeviceDescriptor) => [...requiredFeatures!].length > 0],
  ])("%s is asked once more for no more than is needed", async (_, isTooMuch) => {
    const { adapter, requestDevice } = refuses(isTooMuch);
    await openGpu(provider(adapter));
    expect(requestDevice).toHaveBeenCalledTimes(2);
    expect(requestDevice.mock.lastCall![0]).toMatchObject({ requiredFeatures: [], requiredLimits: {} });
  });

  it("is told apart from an adapter that went stale: another one gives all that it has", async () => {
    const stale = refuses(() => true);
    const fresh = fakeAdapter({ features: ["subgroups"] });
    const requestAdapter = vi.fn(async () => fresh.adapter).mockResolvedValueOnce(stale.adapter);
    await openGpu({ requestAdapter } as unknown as GPU);
    expect(requestAdapter).toHaveBeenCalledTimes(2);
    expect(fresh.requestDevice).toHaveBeenCalledOnce();
    expect(fresh.requestDevice.mock.lastCall![0].requiredFeatures).toEqual(["subgroups"]);
  });

  it("by a device that is lost from the start is asked through new adapters", async () => {
    const lost = Promise.resolve({ reason: "unknown", message: "no memory" });
    const spent = new Set<number>();
    let adapters = 0;
    const requestAdapter = async () => {
      const fake = fakeAdapter({ features: ["subgroups"] });
      const number = ++adapters;
      const open = fake.requestDevice.getMockImplementation()!;
      fake.requestDevice.mockImplementation(async (asked) => {
        if (spent.has(number)) throw new DOMException("The adapter is consumed.", "OperationError");
        spent.add(number);
        const device = await open(asked);
        return [...asked.requiredFeatures!].length > 0 ? { ...device, lost } : device;
      });
      return fake.adapter;
    };
    await openGpu({ requestAdapter } as unknown as GPU);
    expect(adapters).toBe(3);
  });
});

/** A device whose work fails with `rejection`, and that is lost, if at all, `lossAfter` milliseconds later. */
function failingDevice(rejection: Error, lossAfter?: number) {
  const lost = new Promise((resolve) => {
    if (lossAfter !== undefined) setTimeout(resolve, lossAfter, { reason: "unknown", message: "it crashed" });
  });
  const queue = { onSubmittedWorkDone: () => Promise.reject(rejection) };
  return { lost, queue, addEventListener: () => {} } as unknown as GPUDevice;
}

describe("work that fails", () => {
  const crashed = new DOMException("no longer exists", "OperationError");
  const adapter = { kind: "gpu" as const, name: "fake", isSoftware: true, isCard: false };
  beforeEach(() => vi.stubGlobal("GPUPipelineError", class extends DOMException {}));

  it("is explained by the loss of the device, which the browser tells of later", async () => {
    const gpu = new Gpu(failingDevice(crashed, 20), adapter);
    expect(await codeOf(gpu.finished())).toBe("device-lost");
  });

  it("with the device still there keeps its reason", async () => {
    const gpu = new Gpu(failingDevice(crashed), adapter);
    await expect(gpu.finished()).rejects.toBe(crashed);
    const own = new Error("not WebGPU's");
    await expect(new Gpu(failingDevice(own, 0), adapter).finished()).rejects.toBe(own);
  });
});

it("asks for the adapter's largest bindings and buffers, and for the optional features that it has", async () => {
  const limits = { maxStorageBufferBindingSize: 1 << 30, maxBufferSize: 2 ** 32 };
  const { adapter, requestDevice } = fakeAdapter({ limits, features: ["subgroups", "depth-clip-control"] });
  await requestGpu(adapter);
  const [asked] = requestDevice.mock.lastCall!;
  expect(asked.requiredLimits).toMatchObject(limits);
  expect(asked.requiredFeatures).toEqual(["subgroups"]);
});

describe("the adapter's description", () => {
  it.each([
    [{ description: "SwiftShader Device (LLVM)", vendor: "google", isFallbackAdapter: false }, true],
    [{ description: "", device: "0xc0de", architecture: "swiftshader", vendor: "google" }, true],
    [{ description: "llvmpipe (LLVM 15.0.7, 256 bits)", vendor: "mesa" }, true],
    [{ description: "Microsoft Basic Render Driver", vendor: "microsoft" }, true],
    [{ description: "Some GPU", vendor: "acme", isFallbackAdapter: true }, true],
    [{ description: "Apple M3", vendor: "apple", architecture: "metal-3" }, false],
    [{ description: "", device: "", vendor: "nvidia", architecture: "ampere" }, false],
  ])("%o: is it software? %s", async (info, isSoftware) => {
    const gpu = await requestGpu(fakeAdapter({ info }).adapter);
    expect(gpu.adapter.isSoftware).toBe(isSoftware);
  });

  it.each([
    [{ description: "Apple M3", vendor: "apple", architecture: "metal-3" }, "Apple M3"],
    [{ description: "", device: "", vendor: "nvidia", architecture: "ampere" }, "nvidia ampere"],
    [{ description: "", device: "", vendor: "", architecture: "" }, "unnamed GPU"],
  ])("%o is called %s", async (info, name) => {
    const gpu = await requestGpu(fakeAdapter({ info }).adapter);
    expect(gpu.adapter.name).toBe(name);
  });
});
