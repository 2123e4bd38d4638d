/** Addresses are multiples of this: the length of a line of the processor's cache. */
const ALIGNMENT = 64;

interface Gap {
  at: number;
  end: number;
}

/** Which addresses of a memory are taken. The first gap that is large enough is used, and gaps that touch become one. */
export class AddressSpace {
  /** By address. */
  readonly #gaps: Gap[];
  readonly #taken = new Map<number, number>();
  #end: number;

  constructor(first: number, end: number) {
    this.#gaps = [{ at: first, end }];
    this.#end = first;
  }

  /** How much memory all that was ever taken needs. */
  get end(): number {
    return this.#end;
  }

  /** The address of so many bytes; undefined where they do not fit. */
  take(bytes: number): number | undefined {
    const length = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const i = this.#gaps.findIndex(({ at, end }) => end - at >= length);
    const gap = this.#gaps[i];
    if (!gap) return undefined;
    const { at } = gap;
    gap.at += length;
    if (gap.at === gap.end) this.#gaps.splice(i, 1);
    this.#taken.set(at, length);
    this.#end = Math.max(this.#end, at + length);
    return at;
  }

  /** Gives back what was taken at this address; a second time it does nothing. */
  give(at: number): void {
    const length = this.#taken.get(at);
    if (length === undefined) return;
    this.#taken.delete(at);
    const end = at + length;
    const next = this.#gaps.findIndex((gap) => gap.at >= end);
    const i = next < 0 ? this.#gaps.length : next;
    this.#gaps.splice(i, 0, { at, end });
    this.#join(i);
    this.#join(i - 1);
  }

  /** Makes one gap of number i and the next, where they touch. */
  #join(i: number): void {
    const [gap, next] = [this.#gaps[i], this.#gaps[i + 1]];
    if (!gap || !next || gap.end !== next.at) return;
    gap.end = next.end;
    this.#gaps.splice(i + 1, 1);
  }
}
