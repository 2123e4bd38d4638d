import type { DeviceBuffer } from "../device/device-buffer.ts";
import { layerNorm } from "../kernels/layer-norm.ts";
import type { layerNormProducts } from "../kernels/linear.ts";
import { type Activation, type Pass, type Rows, rowsOf } from "../pass/pass.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";
import { fusedVariantOf } from "./linear.ts";

/** The notebook's LayerNorm: mean 0 and variance 1 along emb_dim, then scale and shift. */
export class LayerNorm {
  readonly scale: DeviceBuffer;
  readonly shift: DeviceBuffer;
  readonly emb_dim: number;

  constructor(tensors: WeightTensors, name: string) {
    const scale = tensors.get(`${name}.scale`)!;
    this.scale = scale.parts[0]!.buffer;
    this.shift = tensors.get(`${name}.shift`)!.parts[0]!.buffer;
    this.emb_dim = scale.rowLength;
  }

  /**
   * x [rows, emb_dim] -> the same rows normed, in workspace.normed, for the product that comes next; where its kernel can have
   * the LayerNorm prologue, x and the norm's parameters. With `which`, only these rows.
   */
  forward(
    pass: Pass,
    x: DeviceBuffer,
    next: keyof typeof layerNormProducts,
    which: Rows = { rows: rowsOf(pass), first: 0, stride: 1 },
  ): Activation {
    if (which.rows === rowsOf(pass) && fusedVariantOf(pass, which.rows, next)) {
      return { buffer: x, norm: { scale: this.scale, shift: this.shift } };
    }
    const y = pass.workspace.normed;
    pass.recording.add(
      layerNorm,
      { x, scale: this.scale, shift: this.shift, y },
      { num_tokens: which.rows, emb_dim: this.emb_dim, first: which.first, stride: which.stride },
    );
    return { buffer: y };
  }
}
