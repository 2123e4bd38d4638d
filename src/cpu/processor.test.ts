import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Kernel } from "../device/kernel.ts";
import { layerNormLinear } from "../kernels/linear.ts";
import { softmax } from "../kernels/softmax.ts";
import { affine } from "../test/affine-kernel.ts";
import { Processor } from "./processor.ts";

// In Node, where a processor computes on the calling thread.

const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });

let processor: Processor;
beforeEach(async () => {
  processor = await Processor.open();
});
afterEach(() => {
  vi.restoreAllMocks();
  processor.destroy();
});

function bufferOf(...values: number[]) {
  const buffer = processor.createStorage("values", 4 * values.length);
  processor.write(buffer, 0, Float32Array.from(values));
  return buffer;
}

const floats = (bytes: ArrayBuffer) => [...new Float32Array(bytes)];

/** y = softmax(x) for rows of two. */
function recordSoftmax(x = bufferOf(0, Math.log(3)), num_rows = 1) {
  const y = processor.createStorage("y", 8 * num_rows);
  const recording = processor.createRecording("test");
  recording.add(softmax, { x, y }, { num_rows, dim: 2 });
  return { recording, x, y };
}

describe("memory", () => {
  it("is written and read where it is asked, and what is written may change afterwards", async () => {
    const buffer = bufferOf(1, 2, 3);
    const data = Float32Array.of(7, 8);
    processor.write(buffer, 4, data.subarray(1));
    data.fill(0);
    expect(floats(await processor.read(buffer))).toEqual([1, 8, 3]);
    expect(floats(await processor.read(buffer, 4))).toEqual([1]);
    expect(floats(await processor.read(buffer, 8, 4))).toEqual([8, 3]);
  });

  it("is counted, and used again once it is given back", () => {
    const first = processor.createStorage("a", 100);
    expect(processor.accounting.byLabel()).toEqual([["a", 100]]);
    processor.destroyBuffer(first);
    expect(processor.accounting.liveBytes).toBe(0);
    expect(processor.createStorage("b", 64).address).toBe(first.address);
  });

  it("that WebAssembly cannot address is refused at once", () => {
    expect(() => processor.createStorage("too much", 2 ** 32)).toThrow(failure("limits-too-small"));
    expect(processor.accounting.liveBytes).toBe(0);
  });

  it("that the browser refuses is refused, and nothing of it is kept; less may still be had", async () => {
    const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(() => {
      throw new RangeError("no room");
    });
    const large = () => [processor.createStorage("a", 1000), processor.createStorage("b", 100_000_000)];
    await expect(processor.scoped(large)).rejects.toEqual(failure("out-of-memory"));
    expect(processor.accounting.liveBytes).toBe(0);
    grow.mockRestore();
    expect(await processor.scoped(() => bufferOf(5))).toMatchObject({ size: 4 });
    await processor.scoped(large);
    processor.check();
  });

  it("that is refused where nobody waits for it spoils what is computed, and that is told", async () => {
    vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(() => {
      throw new RangeError("no room");
    });
    processor.createStorage("a", 100_000_000);
    await expect.poll(() => processor.hasFailed).toBe(true);
    expect(() => processor.check()).toThrow(failure("out-of-memory"));
  });
});

describe("a recording", () => {
  it("computes what the kernels say, as often as it is run, in the order of the calls", async () => {
    const { recording, x, y } = recordSoftmax();
    await recording.prepare();
    recording.run();
    const first = processor.read(y);
    processor.write(x, 0, Float32Array.of(0, 0));
    recording.run();
    expect(floats(await first)).toEqual([expect.closeTo(0.25, 6), expect.closeTo(0.75, 6)]);
    expect(floats(await processor.read(y))).toEqual([0.5, 0.5]);
  });

  it("runs a part of itself", async () => {
    const { recording, x, y } = recordSoftmax();
    const z = processor.createStorage("z", 8);
    recording.add(softmax, { x: y, y: z }, { num_rows: 1, dim: 2 });
    await recording.prepare();
    processor.write(y, 0, Float32Array.of(0, Math.log(4)));
    recording.run(1);
    expect(floats(await processor.read(z))).toEqual([expect.closeTo(0.2, 6), expect.closeTo(0.8, 6)]);
    recording.run(0, 1);
    expect(floats(await processor.read(y))[0]).toBeCloseTo(0.25, 6);
    expect(floats(await processor.read(x))[0]).toBe(0);
  });

  it("refuses to run what is not prepared, or was changed since", async () => {
    const { recording, x, y } = recordSoftmax();
    expect(() => recording.run()).toThrow("before it was prepared");
    await recording.prepare();
    recording.run();
    recording.add(softmax, { x, y }, { num_rows: 1, dim: 2 });
    expect(() => recording.run()).toThrow("before it was prepared");
    await recording.prepare();
    recording.clear();
    expect(() => recording.run()).toThrow("before it was prepared");
  });

  it.each([affine as unknown as Kernel, layerNormLinear.matvec.vec4 as unknown as Kernel])(
    "of what has no counterpart is refused",
    async (kernel) => {
      const recording = processor.createRecording("test");
      const buffer = bufferOf(1);
      const buffers = Object.fromEntries(kernel.bindings.map((name) => [name, buffer]));
      const dims = Object.fromEntries(kernel.dims.map((name) => [name, 1]));
      recording.add(kernel, buffers, dims);
      await expect(recording.prepare()).rejects.toThrow("computes on a GPU only");
    },
  );

  it("is timed, dispatch by dispatch", async () => {
    const { recording } = recordSoftmax();
    await recording.prepare();
    expect(await recording.timeDispatches(3)).toEqual([expect.any(Number)]);
    expect(await recording.time(3)).toBeGreaterThan(0);
  });
});

it("a ring brings several sources back, each as it was behind its run, and no more at once than it has slots", async () => {
  const { recording, x, y } = recordSoftmax();
  await recording.prepare();
  const ring = processor.createReadbackRing("ring", 16, 2);
  const sources = [
    { buffer: y, bytes: 8 },
    { buffer: x, bytes: 4 },
  ];
  const first = ring.runAndRead(recording, 0, sources)!;
  processor.write(x, 0, Float32Array.of(9, 9));
  const second = ring.runAndRead(recording, 0, sources)!;
  expect(ring.runAndRead(recording, 0, sources)).toBeUndefined();
  expect(floats(await first)).toEqual([expect.closeTo(0.25, 6), expect.closeTo(0.75, 6), 0]);
  expect(floats(await second)).toEqual([0.5, 0.5, 9]);
  await ring.runAndRead(recording, 0, sources);
});

describe("the end", () => {
  it("is told to everybody who waits, and to whoever comes later", async () => {
    const reading = processor.read(bufferOf(1));
    processor.destroy();
    await expect(reading).rejects.toEqual(failure("device-lost"));
    expect(await processor.lost).toEqual(failure("device-lost"));
    await expect(processor.finished()).rejects.toEqual(failure("device-lost"));
    expect(() => processor.check()).toThrow(failure("device-lost"));
  });

  it("comes where a kernel reaches for memory that is not there", async () => {
    const { recording, y } = recordSoftmax({ ...bufferOf(1, 2), address: 2 ** 31 }, 1);
    await recording.prepare();
    recording.run();
    await expect(processor.read(y)).rejects.toEqual(failure("device-lost"));
    expect((await processor.lost).message).toContain("on the processor (RuntimeError");
  });
});
