import type { ReadbackRing, ReadSource } from "../device/readback-ring.ts";
import type { Recording } from "../device/recording.ts";
import type { ProcessorBuffer, ProcessorContext } from "./processor-context.ts";

/** Results that come back as messages: it holds nothing, and counts how many are on their way. */
export class ProcessorReadbackRing implements ReadbackRing {
  readonly #processor: ProcessorContext;
  #free: number;

  constructor(processor: ProcessorContext, slots: number) {
    this.#processor = processor;
    this.#free = slots;
  }

  runAndRead(
    recording: Recording,
    first: number,
    sources: readonly ReadSource[],
  ): Promise<ArrayBuffer> | undefined {
    if (this.#free === 0) return undefined;
    this.#free--;
    recording.run(first);
    const ranges = sources.map(({ buffer, bytes }) => ({
      address: (buffer as ProcessorBuffer).address,
      bytes,
    }));
    return this.#processor.readRanges(ranges).finally(() => {
      this.#free++;
    });
  }

  destroy(): void {}
}
