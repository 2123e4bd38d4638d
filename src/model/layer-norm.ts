import { layerNorm } from "../kernels/layer-norm.ts";
import { type Pass, rowsOf } from "./pass.ts";
import type { WeightTensors } from "./weight-tensors.ts";

/** The notebook's LayerNorm: mean 0 and variance 1 along emb_dim, then scale and shift. */
export class LayerNorm {
  readonly scale: GPUBuffer;
  readonly shift: GPUBuffer;
  readonly emb_dim: number;

  constructor(tensors: WeightTensors, name: string) {
    const scale = tensors.get(`${name}.scale`)!;
    this.scale = scale.parts[0]!.buffer;
    this.shift = tensors.get(`${name}.shift`)!.parts[0]!.buffer;
    this.emb_dim = scale.rowLength;
  }

  /**
   * x [rows, emb_dim] -> workspace.normed. By default every row; with `rows`, that many of them, from row `first` on
   * and `stride` apart.
   */
  forward(pass: Pass, x: GPUBuffer, { rows = rowsOf(pass), first = 0, stride = 1 } = {}): GPUBuffer {
    const y = pass.workspace.normed;
    pass.recording.add(
      layerNorm,
      { x, scale: this.scale, shift: this.shift, y },
      { num_tokens: rows, emb_dim: this.emb_dim, first, stride },
    );
    return y;
  }
}
