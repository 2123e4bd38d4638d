import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import type { WeightFormat } from "../kernels/weight-format.ts";

/** Some whole rows of a tensor, in one buffer that one binding can hold. */
export interface TensorPart {
  readonly buffer: DeviceBuffer;
  readonly firstRow: number;
  readonly rows: number;
}

/** A tensor on the GPU, row-major; in several parts where it is larger than the adapter's largest binding. */
export interface WeightTensor {
  readonly name: string;
  readonly format: WeightFormat;
  /** [rows, row length]; vectors have one row. */
  readonly rows: number;
  readonly rowLength: number;
  readonly parts: readonly TensorPart[];
}

export type WeightTensors = ReadonlyMap<string, WeightTensor>;

export function destroyTensors(device: Device, tensors: WeightTensors): void {
  for (const { parts } of tensors.values()) for (const { buffer } of parts) device.destroyBuffer(buffer);
}
