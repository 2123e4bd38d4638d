import type { Device } from "../../device/device.ts";
import type { DeviceBuffer } from "../../device/device-buffer.ts";
import type { Recording } from "../../device/recording.ts";
import type { TuningTask } from "./tuning-tasks.ts";

/** A task's work, recorded once for each variant, on buffers that are its own. */
export class Workload<S extends string> {
  readonly #device: Device;
  readonly #buffers: DeviceBuffer[] = [];
  readonly #recordings = new Map<S, Recording>();

  private constructor(device: Device) {
    this.#device = device;
  }

  /** @param copies of the weights, which are read one after the other */
  static async open<S extends string>(
    device: Device,
    task: TuningTask<S>,
    variants: readonly S[],
    copies: number,
  ): Promise<Workload<S>> {
    const workload = new Workload<S>(device);
    try {
      await workload.#record(task, variants, copies);
    } catch (error) {
      workload.destroy();
      throw error;
    }
    return workload;
  }

  async #record(task: TuningTask<S>, variants: readonly S[], copies: number): Promise<void> {
    const device = this.#device;
    const create = (name: string, bytes: number) => {
      const buffer = device.createStorage(`task ${name}`, bytes);
      this.#buffers.push(buffer);
      return buffer;
    };
    const createAll = (sizes: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(sizes).map(([name, bytes]) => [name, create(name, bytes)]));
    const [buffers, weights] = await device.scoped(() => [
      createAll(task.bytes),
      Array.from({ length: copies }, () => createAll(task.weights)),
    ]);
    for (const variant of variants) {
      const recording = device.createRecording("task");
      this.#recordings.set(variant, recording);
      const { kernel, dims, constants } = task.dispatch(variant);
      for (const own of weights) recording.add(kernel, { ...buffers, ...own }, dims, constants);
    }
    // Compiled side by side, and run one by one.
    await Promise.all([...this.#recordings.values()].map((recording) => recording.prepare()));
    // Some drivers clear a buffer when it is first used.
    await this.#recordings.get(variants[0]!)!.time(1);
  }

  /** Milliseconds from submission to completion of so many times a variant's work. */
  readonly time = async (variant: S, times: number): Promise<number> =>
    times * (await this.#recordings.get(variant)!.time(times));

  destroy(): void {
    for (const recording of this.#recordings.values()) recording.destroy();
    for (const buffer of this.#buffers) this.#device.destroyBuffer(buffer);
  }
}
