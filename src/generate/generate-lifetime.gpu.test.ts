import { afterEach, describe, expect, it, vi } from "vitest";
import { Processor } from "../cpu/processor.ts";
import { openGpu } from "../gpu/open-gpu.ts";
import { appended, stepsOf } from "../test/ids.ts";
import { buildModel, expectLiveBytes, gpuOf, itOnGpu, tiny, withModel } from "../test/models.ts";
import { type GenerateStep, generate } from "./generate.ts";

// What a generation leaves behind however it ends. `withModel` fails when the GPU then holds more than before.

const idx = [[7, 1, 44]];
const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });
afterEach(() => vi.restoreAllMocks());

describe("the signal", () => {
  it("stops between two tokens", () =>
    withModel(tiny, async (model) => {
      const controller = new AbortController();
      const before = model.device.accounting.liveBytes;
      const whole = await stepsOf(model, idx, { maxNewTokens: 4 });
      const steps: GenerateStep[] = [];
      const run = async () => {
        for await (const step of generate(model, idx, { maxNewTokens: 40, signal: controller.signal })) {
          steps.push(step);
          if (steps.length === 3) controller.abort();
        }
      };
      await expect(run()).rejects.toEqual(failure("aborted"));
      expect(steps.map(({ ids }) => ids)).toEqual(whole.slice(0, 3).map(({ ids }) => ids));
      expect(model.device.accounting.liveBytes).toBe(before);
    }));

  it("stops while a token is on its way", () =>
    withModel(tiny, async (model) => {
      const controller = new AbortController();
      const steps = generate(model, idx, { maxNewTokens: 40, signal: controller.signal });
      await steps.next();
      const second = steps.next();
      controller.abort();
      await expect(second).rejects.toEqual(failure("aborted"));
      expect(await steps.next()).toEqual({ done: true, value: undefined });
    }));

  it("may be aborted from the start", () =>
    withModel(tiny, async (model) => {
      const signal = AbortSignal.abort();
      await expect(stepsOf(model, idx, { signal })).rejects.toEqual(failure("aborted"));
    }));
});

describe("leaving the loop", () => {
  it.each([0, 1, 6])("after step %i frees everything at once", (last) =>
    withModel(tiny, async (model) => {
      const { accounting } = model.device;
      const before = accounting.liveBytes;
      let steps = 0;
      for await (const _ of generate(model, idx, { maxNewTokens: 40 })) {
        expect(accounting.liveBytes).toBeGreaterThan(before);
        if (steps++ === last) break;
      }
      expect(accounting.liveBytes).toBe(before);
    }),
  );

  it("by an error of its own", () =>
    withModel(tiny, async (model) => {
      const { accounting } = model.device;
      const before = accounting.liveBytes;
      const run = async () => {
        for await (const _ of generate(model, idx)) throw new Error("own");
      };
      await expect(run()).rejects.toThrow("own");
      expect(accounting.liveBytes).toBe(before);
    }));

  it("before its first step", () =>
    withModel(tiny, async (model) => {
      const steps = generate(model, idx);
      await steps.return();
      expect(await steps.next()).toEqual({ done: true, value: undefined });
    }));
});

describe("on one model", () => {
  it("two generations at once do not disturb each other", () =>
    withModel(tiny, async (model) => {
      const other = [[3], [58], [9]];
      const options = { maxNewTokens: 10 };
      const alone = [await stepsOf(model, idx, options), await stepsOf(model, other, options)];
      expect(await Promise.all([stepsOf(model, idx, options), stepsOf(model, other, options)])).toEqual(
        alone,
      );
    }));

  it("a forward pass in the midst of a generation does not disturb it", () =>
    withModel(tiny, async (model) => {
      const alone = await stepsOf(model, idx, { maxNewTokens: 8 });
      const steps: GenerateStep[] = [];
      for await (const step of generate(model, idx, { maxNewTokens: 8 })) {
        await model.forward([[1, 2, 3, 4]]);
        steps.push(step);
      }
      expect(appended(idx, steps)).toEqual(appended(idx, alone));
    }));
});

itOnGpu("a token is one command encoder with one compute pass, and creates nothing else", () =>
  withModel({ ...tiny, config: { ...tiny.config, context_length: 64 } }, async (model) => {
    const { webgpu: device } = gpuOf(model);
    const created = Object.getOwnPropertyNames(GPUDevice.prototype).filter((name) =>
      name.startsWith("create"),
    );
    expect(created).toContain("createBindGroup");
    const spies = new Map(created.map((name) => [name, vi.spyOn(device, name as "createBuffer")]));
    const passes = vi.spyOn(GPUCommandEncoder.prototype, "beginComputePass");
    const submits = vi.spyOn(device.queue, "submit");
    const calls = () => [...spies].filter(([, { mock }]) => mock.calls.length > 0).map(([name]) => name);

    const steps = generate(model, idx, { maxNewTokens: 40 });
    await steps.next();
    expect(calls()).toContain("createBuffer"); // the spies see what is created
    const tokens = submits.mock.calls.length; // the first, and those already on their way
    for (const spy of [...spies.values(), passes, submits]) spy.mockClear();

    let rest = 0;
    while (!(await steps.next()).done) rest++;
    expect(rest).toBe(39);
    expect(calls()).toEqual(["createCommandEncoder"]);
    expect(spies.get("createCommandEncoder")).toHaveBeenCalledTimes(40 - tokens);
    expect(passes).toHaveBeenCalledTimes(40 - tokens);
    expect(submits).toHaveBeenCalledTimes(40 - tokens);
  }),
);

it("a model that is destroyed meanwhile ends it, and everything is freed", () =>
  withModel(tiny, async (model) => {
    const steps = generate(model, idx, { maxNewTokens: 40 });
    await steps.next();
    model.destroy();
    const rest = async () => {
      while (!(await steps.next()).done) {}
    };
    await expect(rest()).rejects.toEqual(failure("destroyed"));
  }));

it("a device that is lost meanwhile ends it", async () => {
  const device = await ("GPUBufferUsage" in globalThis ? openGpu() : Processor.open());
  const model = await buildModel(device, tiny);
  const steps = generate(model, idx, { maxNewTokens: 40 });
  await steps.next();
  device.destroy();
  const rest = async () => {
    while (!(await steps.next()).done) {}
  };
  await expect(rest()).rejects.toEqual(failure("device-lost"));
  await expect(stepsOf(model, idx, {})).rejects.toEqual(failure("device-lost"));
});

itOnGpu("a GPU without memory for it says so, and keeps nothing of it", () =>
  withModel(tiny, async (model) => {
    const { webgpu: device, accounting } = gpuOf(model);
    const before = accounting.liveBytes;
    const pop = device.popErrorScope.bind(device);
    vi.spyOn(device, "popErrorScope").mockImplementationOnce(async () => {
      await pop();
      return new GPUOutOfMemoryError("no room");
    });
    await expect(stepsOf(model, idx, {})).rejects.toEqual(failure("out-of-memory"));
    await expectLiveBytes(gpuOf(model), before);
    expect(await stepsOf(model, idx, { maxNewTokens: 2 })).toHaveLength(2); // once there is room again
  }),
);
