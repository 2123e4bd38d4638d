import type { DeviceBuffer } from "../device/device-buffer.ts";
import { embedding } from "../kernels/embedding.ts";
import { type Pass, rowsOf } from "../pass/pass.ts";
import type { WeightTensor, WeightTensors } from "../pass/weight-tensors.ts";

/** The notebook's tok_emb and pos_emb, added in one kernel. */
export class Embedding {
  readonly tok_emb: WeightTensor;
  readonly pos_emb: WeightTensor;

  constructor(tensors: WeightTensors) {
    this.tok_emb = tensors.get("tok_emb.weight")!;
    this.pos_emb = tensors.get("pos_emb.weight")!;
  }

  /** in_idx u32 [batch, num_tokens] -> x [batch, num_tokens, emb_dim]. */
  forward(pass: Pass, in_idx: DeviceBuffer, x: DeviceBuffer): DeviceBuffer {
    const { recording, cache, num_tokens } = pass;
    const emb_dim = this.tok_emb.rowLength;
    for (const { buffer, firstRow, rows } of this.tok_emb.parts) {
      recording.add(
        embedding[this.tok_emb.format],
        { idx: in_idx, w: buffer, pos_emb: this.pos_emb.parts[0]!.buffer, cache_len: cache.cache_len, x },
        { num_rows: rowsOf(pass), num_tokens, emb_dim, first_id: firstRow, num_ids: rows },
      );
    }
    return x;
  }
}
