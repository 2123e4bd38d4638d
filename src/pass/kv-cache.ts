import type { GPTConfig } from "../config.ts";
import type { Gpu } from "../gpu/device.ts";

/**
 * Keys and values of every token so far, for each layer: [batch, capacity, emb_dim], allocated once and appended in
 * place. `cache_len` is how many of them are filled; the kernels read it on the GPU.
 */
export class KVCache {
  readonly #gpu: Gpu;
  readonly capacity: number;
  readonly layers: readonly { readonly k: GPUBuffer; readonly v: GPUBuffer }[];
  /** u32 [1] */
  readonly cache_len: GPUBuffer;

  constructor(gpu: Gpu, { emb_dim, n_layers }: GPTConfig, batch: number, capacity: number) {
    this.#gpu = gpu;
    this.capacity = capacity;
    const bytes = batch * capacity * emb_dim * 4;
    this.layers = Array.from({ length: n_layers }, (_, layer) => ({
      k: gpu.createStorage(`layer ${layer} k`, bytes),
      v: gpu.createStorage(`layer ${layer} v`, bytes),
    }));
    this.cache_len = gpu.createStorage("cache_len", 4);
  }

  /** Applies to what is submitted afterwards. */
  setLength(cache_len: number): void {
    this.#gpu.device.queue.writeBuffer(this.cache_len, 0, new Uint32Array([cache_len]));
  }

  destroy(): void {
    for (const { k, v } of this.layers) {
      this.#gpu.destroyBuffer(k);
      this.#gpu.destroyBuffer(v);
    }
    this.#gpu.destroyBuffer(this.cache_len);
  }
}
