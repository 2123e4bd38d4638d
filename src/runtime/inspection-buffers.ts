import type { GPTConfig } from "../config.ts";
import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import { attentionWeights } from "../kernels/attention-weights.ts";
import { residualNorm } from "../kernels/residual-norm.ts";
import { CANDIDATE_WORDS } from "../kernels/top-k.ts";
import { vecWidthOf } from "../kernels/vec.ts";
import type { Inspector, Pass } from "../pass/pass.ts";

/** The buffers that an inspected pass over one row is copied into, and the dispatches that copy it. */
export class InspectionBuffers implements Inspector {
  readonly #device: Device;
  readonly #config: GPTConfig;
  /** The pass also reads the tokens before this one, but they are not shown. */
  readonly #first: number;
  /** [n_layers, n_heads, shown, shown] */
  readonly weights: DeviceBuffer;
  /** [n_layers + 1, shown] */
  readonly norms: DeviceBuffer;
  /** [n_layers + 1, emb_dim]: the last token of the residual stream. */
  readonly last: DeviceBuffer;
  /** u32 [n_layers + 1, k, CANDIDATE_WORDS] and [n_layers + 1], as top-k writes them. */
  readonly top: DeviceBuffer;
  readonly chosen: DeviceBuffer;

  constructor(device: Device, config: GPTConfig, num_tokens: number, first: number, k: number) {
    const { n_layers, n_heads, emb_dim } = config;
    const shown = num_tokens - first;
    this.#device = device;
    this.#config = config;
    this.#first = first;
    this.weights = device.createStorage("inspected attention", n_layers * n_heads * shown * shown * 4);
    this.norms = device.createStorage("inspected norms", (n_layers + 1) * shown * 4);
    this.last = device.createStorage("inspected last token", (n_layers + 1) * emb_dim * 4);
    this.top = device.createStorage("inspected top", (n_layers + 1) * k * CANDIDATE_WORDS * 4);
    this.chosen = device.createStorage("inspected choice", (n_layers + 1) * 4);
  }

  residual({ recording, num_tokens }: Pass, x: DeviceBuffer, layer: number): void {
    const { emb_dim } = this.#config;
    const buffers = { x, norms: this.norms, last: this.last };
    recording.add(residualNorm, buffers, { num_tokens, emb_dim, layer, first: this.#first });
  }

  attention({ recording, workspace, cache, num_tokens, mask }: Pass, layer: number): void {
    const { emb_dim, n_heads } = this.#config;
    const head_dim = emb_dim / n_heads;
    recording.add(
      attentionWeights[vecWidthOf(head_dim)],
      { q: workspace.q, k: cache.layers[layer]!.k, weights: this.weights },
      { num_tokens, n_heads, layer, first: this.#first },
      { causal: Number(mask === "causal"), head_dim },
    );
  }

  destroy(): void {
    for (const buffer of [this.weights, this.norms, this.last, this.top, this.chosen])
      this.#device.destroyBuffer(buffer);
  }
}
