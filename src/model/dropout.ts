import type { DeviceBuffer } from "../device/device-buffer.ts";
import { dropout } from "../kernels/dropout.ts";
import { type Pass, rowsOf } from "../pass/pass.ts";
import type { Product } from "./linear.ts";

/** nn.Dropout over rows of emb_dim values: in training mode it zeroes some of them, otherwise it returns its input. */
export class Dropout {
  readonly emb_dim: number;

  constructor(emb_dim: number) {
    this.emb_dim = emb_dim;
  }

  /** Where x must be written so that `forward` can put its result into y: a kernel cannot write the buffer that it reads. */
  inputFor({ dropout, workspace }: Pass, y: DeviceBuffer): DeviceBuffer {
    return dropout ? workspace.normed : y;
  }

  /** x [batch, num_tokens, emb_dim], written where `inputFor` says -> y = dropout(x), the same shape. */
  forward(pass: Pass, x: DeviceBuffer, y: DeviceBuffer): DeviceBuffer {
    if (pass.dropout) this.#add(pass, x, undefined, y);
    return y;
  }

  /**
   * y = shortcut + dropout(product), all [batch, num_tokens, emb_dim]: the residual connection. Without dropout the
   * product's own kernel adds the shortcut in its epilogue.
   */
  addShortcut(pass: Pass, { linear, x }: Product, shortcut: DeviceBuffer, y: DeviceBuffer): DeviceBuffer {
    if (!pass.dropout) return linear.forward(pass, x, y, { shortcut });
    const projected = linear.forward(pass, x, pass.workspace.normed);
    this.#add(pass, projected, shortcut, y);
    return y;
  }

  #add(pass: Pass, x: DeviceBuffer, shortcut: DeviceBuffer | undefined, y: DeviceBuffer): void {
    pass.recording.add(
      dropout,
      { x, shortcut: shortcut ?? x, y },
      { size: rowsOf(pass) * this.emb_dim, ...pass.dropout!.next() },
      { has_shortcut: Number(shortcut !== undefined) },
    );
  }
}
