import type { GPTConfig } from "../config.ts";
import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";

/**
 * Keys and values of every token so far, for each layer: [batch, capacity, emb_dim], allocated once and appended in
 * place. `cache_len` is how many of them are filled; the kernels read it on the GPU.
 */
export class KVCache {
  readonly #device: Device;
  readonly capacity: number;
  readonly layers: readonly { readonly k: DeviceBuffer; readonly v: DeviceBuffer }[];
  /** u32 [1] */
  readonly cache_len: DeviceBuffer;

  constructor(device: Device, { emb_dim, n_layers }: GPTConfig, batch: number, capacity: number) {
    this.#device = device;
    this.capacity = capacity;
    const bytes = batch * capacity * emb_dim * 4;
    this.layers = Array.from({ length: n_layers }, (_, layer) => ({
      k: device.createStorage(`layer ${layer} k`, bytes),
      v: device.createStorage(`layer ${layer} v`, bytes),
    }));
    this.cache_len = device.createStorage("cache_len", 4);
  }

  /** Applies to what is submitted afterwards. */
  setLength(cache_len: number): void {
    this.#device.write(this.cache_len, 0, new Uint32Array([cache_len]));
  }

  destroy(): void {
    for (const { k, v } of this.layers) {
      this.#device.destroyBuffer(k);
      this.#device.destroyBuffer(v);
    }
    this.#device.destroyBuffer(this.cache_len);
  }
}
