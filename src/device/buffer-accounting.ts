import type { DeviceBuffer } from "./device-buffer.ts";

/** Counts the bytes of a device's memory that we create and destroy, by label, because no browser reports them. */
export class BufferAccounting {
  #live = new Map<DeviceBuffer, { label: string; bytes: number }>();
  #created = 0;
  #destroyed = 0;

  add(buffer: DeviceBuffer): void {
    this.#live.set(buffer, { label: buffer.label, bytes: buffer.size });
    this.#created += buffer.size;
  }

  remove(buffer: DeviceBuffer): void {
    if (this.#live.delete(buffer)) this.#destroyed += buffer.size;
  }

  /** Bytes now held. */
  get liveBytes(): number {
    return this.#created - this.#destroyed;
  }

  get createdBytes(): number {
    return this.#created;
  }

  get destroyedBytes(): number {
    return this.#destroyed;
  }

  get liveBuffers(): number {
    return this.#live.size;
  }

  /** Bytes now held, largest label first. */
  byLabel(): [label: string, bytes: number][] {
    const sums = new Map<string, number>();
    for (const { label, bytes } of this.#live.values()) sums.set(label, (sums.get(label) ?? 0) + bytes);
    return [...sums].sort((a, b) => b[1] - a[1]);
  }
}
