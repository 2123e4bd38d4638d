// weights: how a row of a weight tensor is stored, by the number that a kernel's constant `format` has for it
import { unpackF16 } from "./f16";
import { unpackInt8 } from "./int8";

export const F32: u32 = 0;
export const F16: u32 = 1;
export const INT8: u32 = 2;

export function bytesOfRow(format: u32, length: u32): usize {
  if (format === F16) return 2 * length;
  if (format === INT8) return (length / 32) * 36;
  return 4 * length;
}

/** y = w, as f32: whole rows, one after the other. */
export function unpack(format: u32, w: usize, y: usize, length: u32): void {
  if (format === F16) unpackF16(w, y, length);
  else if (format === INT8) unpackInt8(w, y, length);
  else memory.copy(y, w, 4 * length);
}
