import type { Gpu } from "../../src/gpu/gpu.ts";
import { clockStep } from "./statistics.ts";

/** A pass is repeated until it takes this long, so that neither the clock's step nor the start of a pass matters. */
const LONG_ENOUGH_MS = 20;
const MAX_REPEATS = 1000;

/** Times compute passes: by the GPU's own clock where it has one, else by ours from submission to completion. */
export class PassTimer {
  readonly #device: Gpu;
  readonly #queries: GPUQuerySet | undefined;
  readonly #resolved: GPUBuffer | undefined;
  readonly #ticks: bigint[] = [];

  constructor(device: Gpu) {
    this.#device = device;
    if (!device.features.has("timestamp-query")) return;
    this.#queries = device.webgpu.createQuerySet({ label: "pass timer", type: "timestamp", count: 2 });
    this.#resolved = device.createBuffer(
      "pass timer",
      16,
      GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    );
  }

  /** The clock that was used, in words. */
  get method(): string {
    if (!this.#queries) return "wall time from submission to completion; no timestamp-query here";
    const step = Number(clockStep(this.#ticks)) / 1000;
    return `timestamp-query, in steps of ${step} us`;
  }

  /** Milliseconds that `encode` takes, which is repeated in one pass until the pass is long enough to time. */
  async time(encode: (pass: GPUComputePassEncoder) => void): Promise<number> {
    const once = await this.#run(encode, 1);
    const repeats = Math.min(MAX_REPEATS, Math.ceil(LONG_ENOUGH_MS / Math.max(once, 0.001)));
    return repeats === 1 ? once : (await this.#run(encode, repeats)) / repeats;
  }

  destroy(): void {
    this.#queries?.destroy();
    if (this.#resolved) this.#device.destroyBuffer(this.#resolved);
  }

  async #run(encode: (pass: GPUComputePassEncoder) => void, repeats: number): Promise<number> {
    const { webgpu: device } = this.#device;
    const querySet = this.#queries;
    const encoder = device.createCommandEncoder({ label: "pass timer" });
    const pass = encoder.beginComputePass(
      querySet ? { timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } } : {},
    );
    for (let i = 0; i < repeats; i++) encode(pass);
    pass.end();
    if (querySet) encoder.resolveQuerySet(querySet, 0, 2, this.#resolved!, 0);
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    if (!querySet) {
      await device.queue.onSubmittedWorkDone();
      return performance.now() - start;
    }
    const [began, ended] = new BigUint64Array(await this.#device.read(this.#resolved!));
    this.#ticks.push(began!, ended!);
    return Number(ended! - began!) / 1e6;
  }
}
