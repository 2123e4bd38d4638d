import type { Engine } from "../gpu/engine.ts";
import { Recording } from "../gpu/recording.ts";
import { packToF16, packToInt8 } from "../kernels/pack.ts";
import { packLength } from "../kernels/weight-format.ts";
import { MAX_CHUNK_BYTES } from "../weights/weight-source.ts";

/** Packs chunks of f32 weights into a tensor of another format, on the GPU. */
export class WeightPacker {
  readonly #engine: Engine;
  readonly #values: GPUBuffer;
  readonly #recording: Recording;

  constructor(engine: Engine) {
    const { gpu, pipelines } = engine;
    this.#engine = engine;
    this.#values = gpu.createStorage("values to pack", MAX_CHUNK_BYTES);
    this.#recording = new Recording("pack", gpu, pipelines);
  }

  /** values: whole packs, at most MAX_CHUNK_BYTES; they go to `w` from its weight number `first` on. */
  async pack(
    format: "f16" | "int8",
    values: Float32Array<ArrayBuffer>,
    w: GPUBuffer,
    first: number,
  ): Promise<void> {
    const { device } = this.#engine.gpu;
    const packs = values.length / packLength[format];
    const start = first / packLength[format];
    this.#recording.clear();
    if (format === "f16") {
      this.#recording.add(packToF16, { values: this.#values, w }, { num_vecs: packs, first: start });
    } else {
      this.#recording.add(packToInt8, { values: this.#values, w }, { num_blocks: packs, first: start });
    }
    await this.#recording.prepare();
    device.queue.writeBuffer(this.#values, 0, values); // the queue is in order: the last pack has read its values
    this.#recording.run();
  }

  destroy(): void {
    this.#recording.destroy();
    this.#engine.gpu.destroyBuffer(this.#values);
  }
}
