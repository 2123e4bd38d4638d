import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import type { LayerNorm } from "../model/layer-norm.ts";
import type { Linear } from "../model/linear.ts";
import type { WeightTensor } from "../pass/weight-tensors.ts";
import type { ModelHandle } from "../runtime/model-handle.ts";

/** Neighbouring values of a buffer: `values` of them from value `first` on. */
export interface Piece {
  readonly buffer: DeviceBuffer;
  readonly first: number;
  readonly values: number;
}

/** Where each parameter lies on the GPU, under PyTorch's name. W_qkv is taken apart again. */
export function gpuParameters(model: ModelHandle): Map<string, Piece[]> {
  const { embedding, trf_blocks, final_norm, out_head } = model.network;
  return new Map([
    ["tok_emb.weight", rows(embedding.tok_emb)],
    ["pos_emb.weight", rows(embedding.pos_emb)],
    ...trf_blocks.flatMap(({ att, ff, norm1, norm2 }, i) => {
      const block = `trf_blocks.${i}`;
      return [
        ...qkv(`${block}.att`, att.W_qkv),
        ...linear(`${block}.att.out_proj`, att.out_proj),
        ...linear(`${block}.ff.layers.0`, ff.layers[0]),
        ...linear(`${block}.ff.layers.2`, ff.layers[1]),
        ...layerNorm(`${block}.norm1`, norm1),
        ...layerNorm(`${block}.norm2`, norm2),
      ];
    }),
    ...layerNorm("final_norm", final_norm),
    ...linear("out_head", out_head),
  ]);
}

type Named = [name: string, pieces: Piece[]];

function linear(name: string, { weight, bias }: Linear): Named[] {
  const parameters: Named[] = [[`${name}.weight`, rows(weight)]];
  if (bias) parameters.push([`${name}.bias`, [vector(bias)]]);
  return parameters;
}

function qkv(att: string, { weight, bias }: Linear): Named[] {
  const emb_dim = weight.rowLength;
  return ["W_query", "W_key", "W_value"].flatMap((name, i) => {
    const first = i * emb_dim;
    const parameters: Named[] = [[`${att}.${name}.weight`, rows(weight, first, first + emb_dim)]];
    if (bias) parameters.push([`${att}.${name}.bias`, [{ buffer: bias, first, values: emb_dim }]]);
    return parameters;
  });
}

const layerNorm = (name: string, { scale, shift }: LayerNorm): Named[] => [
  [`${name}.scale`, [vector(scale)]],
  [`${name}.shift`, [vector(shift)]],
];

const vector = (buffer: DeviceBuffer): Piece => ({ buffer, first: 0, values: buffer.size / 4 });

/** Rows `from` ... `to - 1` of a tensor, wherever its parts end. */
function rows({ parts, rowLength, rows: all }: WeightTensor, from = 0, to = all): Piece[] {
  return parts.flatMap(({ buffer, firstRow, rows: count }) => {
    const start = Math.max(from, firstRow);
    const end = Math.min(to, firstRow + count);
    if (start >= end) return [];
    return [{ buffer, first: (start - firstRow) * rowLength, values: (end - start) * rowLength }];
  });
}

const SLICE = 4 * 1024 * 1024; // values read back at a time

/** The values of `pieces`, in order, slice by slice: a large tensor never lies in memory as a whole. */
export async function* readPieces(device: Device, pieces: readonly Piece[]): AsyncGenerator<Float32Array> {
  for (const { buffer, first, values } of pieces) {
    for (let at = 0; at < values; at += SLICE) {
      const bytes = 4 * Math.min(SLICE, values - at);
      yield new Float32Array(await device.read(buffer, bytes, 4 * (first + at)));
    }
  }
}
