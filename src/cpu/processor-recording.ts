import { Recording } from "../device/recording.ts";
import { NextTokenError } from "../errors.ts";
import { callOf, scratchBytesOf } from "./call.ts";
import type { ProcessorBuffer, ProcessorContext } from "./processor-context.ts";

/** A recording whose dispatches the workers know as a program. */
export class ProcessorRecording extends Recording {
  readonly #processor: ProcessorContext;
  #program: number | undefined;
  /** Dispatches of the program; undefined where something was added or removed since. */
  #prepared: number | undefined;

  constructor(label: string, processor: ProcessorContext) {
    super(label);
    this.#processor = processor;
  }

  async prepare(): Promise<void> {
    const { dispatches } = this;
    const calls = dispatches.map(({ kernel, buffers, dims, constants }) => {
      const addresses = kernel.bindings.map((name) => [name, (buffers[name] as ProcessorBuffer).address]);
      return callOf(kernel, Object.fromEntries(addresses), dims, constants);
    });
    this.#processor.reserveRoom(
      Math.max(0, ...dispatches.map(({ kernel, dims }) => scratchBytesOf(kernel, dims))),
    );
    this.#forget();
    this.#program = this.#processor.nextProgram();
    this.#processor.share({ do: "record", program: this.#program, calls });
    this.#prepared = calls.length;
  }

  run(first = 0, end = this.dispatches.length): void {
    this.#processor.share({ do: "run", program: this.#checked(), first, end });
  }

  async time(runs: number): Promise<number> {
    await this.#processor.finished();
    const start = performance.now();
    for (let run = 0; run < runs; run++) this.run();
    await this.#processor.finished();
    return (performance.now() - start) / runs;
  }

  async timeDispatches(runs: number): Promise<number[]> {
    return [...(await this.#processor.timeProgram(this.#checked(), runs))];
  }

  override clear(): void {
    super.clear();
    this.#prepared = undefined;
  }

  destroy(): void {
    this.#forget();
    this.clear();
  }

  #forget(): void {
    if (this.#program !== undefined) this.#processor.share({ do: "forget", program: this.#program });
    this.#program = undefined;
  }

  /** The program, if it is what was recorded. */
  #checked(): number {
    if (this.#program === undefined || this.#prepared !== this.dispatches.length)
      throw new NextTokenError("unexpected", `Recording ${this.label} was run before it was prepared.`);
    return this.#program;
  }
}
