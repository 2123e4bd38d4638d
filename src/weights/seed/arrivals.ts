/** A queue that callbacks put items into and that one async reader takes them from. */
export class Arrivals<T> {
  readonly #items: T[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** Makes the reader's current and later calls of `next` throw `error`, items or not. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  async next(): Promise<T> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      if (this.#items.length > 0) return this.#items.shift() as T;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }
}
