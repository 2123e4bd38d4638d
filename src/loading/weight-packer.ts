import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import type { Recording } from "../device/recording.ts";
import { packToF16, packToInt8 } from "../kernels/pack.ts";
import { packLength } from "../kernels/weight-format.ts";
import { MAX_CHUNK_BYTES } from "../weights/weight-source.ts";

/** Packs chunks of f32 weights into a tensor of another format, on the GPU. */
export class WeightPacker {
  readonly #device: Device;
  readonly #values: DeviceBuffer;
  readonly #recording: Recording;

  constructor(device: Device) {
    this.#device = device;
    this.#values = device.createStorage("values to pack", MAX_CHUNK_BYTES);
    this.#recording = device.createRecording("pack");
  }

  /** values: whole packs, at most MAX_CHUNK_BYTES; they go to `w` from its weight number `first` on. */
  async pack(
    format: "f16" | "int8",
    values: Float32Array<ArrayBuffer>,
    w: DeviceBuffer,
    first: number,
  ): Promise<void> {
    const packs = values.length / packLength[format];
    const start = first / packLength[format];
    this.#recording.clear();
    if (format === "f16") {
      this.#recording.add(packToF16, { values: this.#values, w }, { num_vecs: packs, first: start });
    } else {
      this.#recording.add(packToInt8, { values: this.#values, w }, { num_blocks: packs, first: start });
    }
    await this.#recording.prepare();
    this.#device.write(this.#values, 0, values); // in order: the last pack has read its values
    this.#recording.run();
  }

  destroy(): void {
    this.#recording.destroy();
    this.#device.destroyBuffer(this.#values);
  }
}
