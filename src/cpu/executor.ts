import { Barrier } from "./barrier.ts";
import { type Call, compute } from "./call.ts";
import type { Answer, Command, Range, Setup } from "./messages.ts";

const PAGE = 65_536;
/** All that 32 bits can address, which is what the module declares. */
export const MAX_PAGES = 65_536;

/** What runs in a worker: the WebAssembly module, its memory, and the programs that it was given. */
export class Executor {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: WebAssembly.Exports;
  readonly #barrier: Barrier;
  readonly #index: number;
  readonly #count: number;
  readonly #programs = new Map<number, readonly Call[]>();
  #scratch = 0;

  private constructor(memory: WebAssembly.Memory, exports: WebAssembly.Exports, { index, count }: Setup) {
    this.#memory = memory;
    this.#exports = exports;
    this.#barrier = new Barrier(memory, count);
    this.#index = index;
    this.#count = count;
  }

  static async open(setup: Setup): Promise<Executor> {
    const memory = setup.memory ?? new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
    const { exports } = await WebAssembly.instantiate(setup.module, { env: { memory } });
    return new Executor(memory, exports, setup);
  }

  /** Does what a command says. Returns what is to be answered, if anything is. */
  execute(command: Command): Answer | undefined {
    switch (command.do) {
      case "record":
        this.#programs.set(command.program, command.calls);
        return undefined;
      case "forget":
        this.#programs.delete(command.program);
        return undefined;
      case "give room":
        this.#scratch = command.address + this.#index * command.bytes;
        return undefined;
      case "run":
        this.#run(this.#programs.get(command.program)!, command.first, command.end);
        return undefined;
      case "write":
        new Uint8Array(this.#memory.buffer, command.address).set(new Uint8Array(command.data));
        return undefined;
      case "read":
        return { request: command.request, result: this.#read(command.ranges) };
      case "grow":
        return { request: command.request, result: this.#grow(command.bytes) };
      case "time":
        return this.#answer(command.request, this.#time(this.#programs.get(command.program)!, command.runs));
      case "tell":
        return { request: command.request, result: true };
    }
  }

  #run(calls: readonly Call[], first: number, end: number): void {
    this.#barrier.wait(); // for what only the leader did before
    for (let i = first; i < end; i++) this.#compute(calls[i]!);
  }

  /** This worker's share of a call; returns when the others have done theirs. */
  #compute(call: Call): void {
    const from = Math.floor((call.parts * this.#index) / this.#count);
    const to = Math.floor((call.parts * (this.#index + 1)) / this.#count);
    if (from < to) compute(this.#exports, call, from, to, this.#scratch);
    this.#barrier.wait();
  }

  /** Microseconds that each call takes, the mean over `runs` of all. */
  #time(calls: readonly Call[], runs: number): number[] {
    const totals = calls.map(() => 0);
    this.#barrier.wait();
    for (let run = 0; run < runs; run++) {
      for (const [i, call] of calls.entries()) {
        const start = performance.now();
        this.#compute(call);
        totals[i]! += performance.now() - start;
      }
    }
    return totals.map((ms) => (1000 * ms) / runs);
  }

  /** What only one of the workers that did it tells. */
  #answer(request: number, result: readonly number[]): Answer | undefined {
    return this.#index === 0 ? { request, result } : undefined;
  }

  /** The bytes of all ranges, one after the other. */
  #read(ranges: readonly Range[]): ArrayBuffer {
    const copy = new Uint8Array(ranges.reduce((sum, { bytes }) => sum + bytes, 0));
    let at = 0;
    for (const { address, bytes } of ranges) {
      copy.set(new Uint8Array(this.#memory.buffer, address, bytes), at);
      at += bytes;
    }
    return copy.buffer;
  }

  /** Makes the memory so large, if the browser gives it. */
  #grow(bytes: number): boolean {
    const pages = Math.ceil((bytes - this.#memory.buffer.byteLength) / PAGE);
    try {
      if (pages > 0) this.#memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}
