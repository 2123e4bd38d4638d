import { BufferAccounting } from "../device/buffer-accounting.ts";
import type { AdapterDescription, DeviceLimits } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import { Mutex } from "../device/mutex.ts";
import { NextTokenError } from "../errors.ts";
import { AddressSpace } from "./address-space.ts";
import { BARRIER_BYTES } from "./barrier.ts";
import type { Answer, LeaderCommand, Range, SharedCommand } from "./messages.ts";
import type { Listener, Workers } from "./workers.ts";

/** All that WebAssembly can address, 4 GiB, but for its last page. */
const MEMORY_BYTES = 2 ** 32 - 65_536;

/** A piece of the workers' memory. */
export interface ProcessorBuffer extends DeviceBuffer {
  readonly address: number;
}

type Result = ArrayBuffer | readonly number[] | boolean;
type Unasked<C> = C extends { readonly request: number } ? Omit<C, "request"> : never;

/** What was created since a scope was opened, and the requests for memory that it took. */
interface Scope {
  readonly created: DeviceBuffer[];
  readonly growing: Promise<void>[];
}

/** Workers with their memory, its accounting, their errors and their loss. */
export class ProcessorContext {
  readonly adapter: AdapterDescription;
  readonly accounting = new BufferAccounting();
  readonly mutex = new Mutex();
  readonly features: ReadonlySet<string> = new Set();
  readonly limits: DeviceLimits = {
    maxStorageBufferBindingSize: MEMORY_BYTES,
    maxBufferSize: MEMORY_BYTES,
    maxStorageBuffersPerShaderStage: 16,
    memoryBytes: MEMORY_BYTES - BARRIER_BYTES,
  };
  readonly lost: Promise<NextTokenError>;
  readonly #addresses = new AddressSpace(BARRIER_BYTES, MEMORY_BYTES);
  readonly #requests = new Map<
    number,
    { resolve: (result: Result) => void; reject: (reason: unknown) => void }
  >();
  readonly #workers: Workers;
  #lose: (failure: NextTokenError) => void = () => {};
  #failure: NextTokenError | undefined;
  #asked = 0;
  #programs = 0;
  /** How large the memory is, or has been asked to be. */
  #memoryBytes = 0;
  #scope: Scope | undefined;
  /** Of each worker, one behind the other. */
  #room: Range = { address: 0, bytes: 0 };

  /** @param listener through which the workers answer */
  constructor(workers: Workers, listener: Listener) {
    this.#workers = workers;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    listener.onAnswer = (answer) => this.#hear(answer);
    const { count } = workers;
    const name = `${count} ${count === 1 ? "thread" : "threads"} of the processor`;
    this.adapter = { kind: "cpu", name, isSoftware: false, isCard: false };
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  check(): void {
    if (this.#failure) throw this.#failure;
  }

  async scoped<T>(create: () => T | Promise<T>): Promise<T> {
    this.check();
    const outer = this.#scope;
    const scope: Scope = { created: [], growing: [] };
    this.#scope = scope;
    const result = new Promise<T>((resolve) => resolve(create()));
    this.#scope = outer;
    result.catch(() => {}); // its reason is thrown below, unless memory was refused
    try {
      await Promise.all(scope.growing);
      return await result;
    } catch (reason) {
      for (const buffer of scope.created) this.destroyBuffer(buffer);
      throw reason;
    }
  }

  createStorage(label: string, bytes: number): ProcessorBuffer {
    const size = Math.max(4, Math.ceil(bytes / 4) * 4);
    const buffer = { label, size, address: this.#take(label, size) };
    this.accounting.add(buffer);
    this.#scope?.created.push(buffer);
    return buffer;
  }

  destroyBuffer(buffer: DeviceBuffer): void {
    this.accounting.remove(buffer);
    this.#addresses.give((buffer as ProcessorBuffer).address);
  }

  write(
    buffer: DeviceBuffer,
    byteOffset: number,
    { buffer: memory, byteOffset: from, byteLength }: ArrayBufferView<ArrayBuffer>,
  ): void {
    const data = memory.slice(from, from + byteLength);
    this.#workers.tell({ do: "write", address: (buffer as ProcessorBuffer).address + byteOffset, data }, [
      data,
    ]);
  }

  read(buffer: DeviceBuffer, bytes = buffer.size, byteOffset = 0): Promise<ArrayBuffer> {
    return this.readRanges([{ address: (buffer as ProcessorBuffer).address + byteOffset, bytes }]);
  }

  /** The bytes of all ranges, one after the other, once everything before has run. */
  async readRanges(ranges: readonly Range[]): Promise<ArrayBuffer> {
    return (await this.#ask({ do: "read", ranges })) as ArrayBuffer;
  }

  readyForMore(): Promise<void> {
    return this.finished();
  }

  async finished(): Promise<void> {
    await this.#ask({ do: "tell" });
    this.check();
  }

  destroy(): void {
    this.#fail("it was destroyed");
  }

  /** To all workers. */
  share(command: SharedCommand): void {
    this.#workers.share(command);
  }

  /** A number for a program that nobody has yet. */
  nextProgram(): number {
    return ++this.#programs;
  }

  /** Microseconds that each call of a program takes, the mean over `runs`. */
  async timeProgram(program: number, runs: number): Promise<readonly number[]> {
    this.check();
    const { request, result } = this.#expect();
    this.share({ do: "time", program, runs, request });
    return (await result) as readonly number[];
  }

  /** Sees to it that each worker has so many bytes for itself. They are the processor's own, and not in its accounting. */
  reserveRoom(bytes: number): void {
    if (bytes <= this.#room.bytes) return;
    const lines = 64 * Math.ceil(bytes / 64); // no two workers write the same line of a cache
    this.#addresses.give(this.#room.address);
    const address = this.#take("The workers' room", lines * this.#workers.count);
    this.#room = { address, bytes: lines };
    this.share({ do: "give room", ...this.#room });
  }

  #take(label: string, bytes: number): number {
    const address = this.#addresses.take(bytes);
    if (address === undefined) {
      throw new NextTokenError(
        "limits-too-small",
        `${label} needs ${bytes} bytes, more than are left of the 4 GB that WebAssembly can address. Choose a smaller model.`,
      );
    }
    this.#growTo(this.#addresses.end);
    return address;
  }

  #growTo(bytes: number): void {
    if (bytes <= this.#memoryBytes) return;
    this.#memoryBytes = bytes;
    const growing = this.#ask({ do: "grow", bytes }).then((isGiven) => {
      if (isGiven) return;
      this.#memoryBytes = 0; // whoever needs as much asks again
      throw new NextTokenError(
        "out-of-memory",
        "The browser gives this page no more memory for the model. Close other tabs or choose a smaller model.",
      );
    });
    if (this.#scope) this.#scope.growing.push(growing);
    // Where nobody waits for the answer, what is computed from now on may be wrong.
    else
      growing.catch((reason) => {
        this.#failure ??= reason;
      });
  }

  #ask(command: Unasked<LeaderCommand>): Promise<Result> {
    if (this.#failure) return Promise.reject(this.#failure);
    const { request, result } = this.#expect();
    this.#workers.tell({ ...command, request } as LeaderCommand);
    return result;
  }

  #expect(): { request: number; result: Promise<Result> } {
    const request = ++this.#asked;
    const result = new Promise<Result>((resolve, reject) => {
      this.#requests.set(request, { resolve, reject });
    });
    return { request, result };
  }

  #hear(answer: Exclude<Answer, "ready">): void {
    if ("failure" in answer) {
      this.#fail(answer.failure);
      return;
    }
    this.#requests.get(answer.request)?.resolve(answer.result);
    this.#requests.delete(answer.request);
  }

  #fail(reason: string): void {
    if (this.#failure) return;
    const failure = new NextTokenError(
      "device-lost",
      `The browser ended what computes the model on the processor (${reason}). Press Play to start again.`,
    );
    this.#failure = failure;
    this.#workers.terminate();
    for (const { reject } of this.#requests.values()) reject(failure);
    this.#requests.clear();
    this.#lose(failure);
  }
}
