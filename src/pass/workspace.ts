import type { GPTConfig } from "../config.ts";
import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";

/** The activations of one forward pass, allocated once for up to `rows` tokens (batch * num_tokens) and reused. */
export class Workspace {
  readonly #device: Device;
  readonly #buffers: DeviceBuffer[] = [];
  readonly rows: number;
  /** Token ids, u32 [rows]. */
  readonly idx: DeviceBuffer;
  /** The residual stream, [rows, emb_dim], at the start of a block and between its attention and feed-forward. */
  readonly x: DeviceBuffer;
  readonly x_attended: DeviceBuffer;
  /** [rows, emb_dim] */
  readonly normed: DeviceBuffer;
  readonly q: DeviceBuffer;
  readonly context_vec: DeviceBuffer;
  /** What splits of the keys come to, [splitRows, emb_dim], and of each, and of rows that are not split, two values a head. */
  readonly partials: DeviceBuffer;
  readonly stats: DeviceBuffer;
  /** [rows, 4 * emb_dim] */
  readonly hidden: DeviceBuffer;
  /** [headRows, vocab_size] */
  readonly logits: DeviceBuffer;

  /**
   * `headRows`: how many rows at a time go through the head, whose logits are the largest activation of all. `splitRows`:
   * the rows of a decode step times the splits of its attention.
   */
  constructor(
    device: Device,
    { emb_dim, n_heads, vocab_size }: GPTConfig,
    rows: number,
    headRows: number,
    splitRows = 0,
  ) {
    this.#device = device;
    this.rows = rows;
    this.idx = this.#create("idx", rows);
    this.x = this.#create("x", rows * emb_dim);
    this.x_attended = this.#create("x_attended", rows * emb_dim);
    this.normed = this.#create("normed", rows * emb_dim);
    this.q = this.#create("q", rows * emb_dim);
    this.context_vec = this.#create("context_vec", rows * emb_dim);
    this.partials = this.#create("attention partials", splitRows * emb_dim);
    this.stats = this.#create("attention stats", Math.max(rows, splitRows) * n_heads * 2);
    this.hidden = this.#create("hidden", rows * 4 * emb_dim);
    this.logits = this.#create("logits", headRows * vocab_size);
  }

  /** The most rows whose activations a GPU can bind. */
  static mostRows(device: Device, { emb_dim }: GPTConfig): number {
    return Math.floor(device.limits.maxStorageBufferBindingSize / (4 * emb_dim * 4)); // of `hidden`, the widest
  }

  destroy(): void {
    for (const buffer of this.#buffers) this.#device.destroyBuffer(buffer);
  }

  #create(label: string, values: number): DeviceBuffer {
    const buffer = this.#device.createStorage(label, values * 4);
    this.#buffers.push(buffer);
    return buffer;
  }
}
