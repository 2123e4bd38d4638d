import type { Device } from "../device/device.ts";
import { ProcessorContext } from "./processor-context.ts";
import { ProcessorReadbackRing } from "./processor-readback-ring.ts";
import { ProcessorRecording } from "./processor-recording.ts";
import { type Listener, startWorkers } from "./workers.ts";

/** Computes with the kernels of `assembly/`, in WebAssembly and in workers. */
export class Processor extends ProcessorContext implements Device {
  /** @throws NextTokenError "no-webassembly" */
  static async open(): Promise<Processor> {
    const listener: Listener = { onAnswer: () => {} };
    return new Processor(await startWorkers(listener), listener);
  }

  /** Nothing is compiled for a kernel: the module has them all. */
  async compile(): Promise<void> {}

  createRecording(label: string): ProcessorRecording {
    return new ProcessorRecording(label, this);
  }

  createReadbackRing(_label: string, _bytes: number, slots: number): ProcessorReadbackRing {
    return new ProcessorReadbackRing(this, slots);
  }
}
