// pack-int8: w = round(values / scale * 127), where scale is the largest magnitude of each 32 neighbours
//   values  [num_blocks, 32]  f32
//   w       [.., 9]           u32, written from block `first` on; read by parts/int8.ts
// A share of it is blocks from .. to.
// Reference: src/reference/pack.ts · Shader: shaders/pack/pack-int8.wgsl
import { largestOf } from "../parts/vec";

const BLOCK_BYTES: usize = 36;
const VALUES_BYTES: usize = 128;

export function packToInt8(values: usize, w: usize, num_blocks: u32, first: u32, from: u32, to: u32): void {
  for (let block = from; block < to; block++) {
    const x: usize = values + VALUES_BYTES * block;
    const at: usize = w + BLOCK_BYTES * (first + block);
    let magnitudes = f32x4.splat(0);
    for (let i: usize = 0; i < VALUES_BYTES; i += 16) {
      magnitudes = f32x4.pmax(magnitudes, f32x4.abs(v128.load(x + i)));
    }
    const scale = largestOf(magnitudes);
    const divisor: f32 = scale > 0 ? scale : 1; // 32 zeros stay zeros
    for (let i: usize = 0; i < 32; i++) {
      const byte = floor<f32>(0.5 + 127 * (load<f32>(x + 4 * i) / divisor)); // as WGSL's pack4x8snorm rounds
      store<i8>(at + i, <i8>byte);
    }
    store<f32>(at, scale, 32);
  }
}
