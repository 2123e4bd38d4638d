/** A piece of a device's memory, which kernels read and write. */
export interface DeviceBuffer {
  readonly label: string;
  /** In bytes. */
  readonly size: number;
}
