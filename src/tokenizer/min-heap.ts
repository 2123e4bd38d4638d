/** Numbers, of which the smallest comes out first: a binary heap, the children of i at 2 i + 1 and 2 i + 2. */
export class MinHeap {
  size = 0;
  readonly #items: Float64Array;

  /** @param capacity how many numbers it may hold at a time */
  constructor(capacity: number) {
    this.#items = new Float64Array(capacity);
  }

  push(item: number): void {
    const items = this.#items;
    let i = this.size++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (items[parent]! <= item) break;
      items[i] = items[parent]!;
      i = parent;
    }
    items[i] = item;
  }

  /** Takes the smallest out. There must be one. */
  pop(): number {
    const items = this.#items;
    const smallest = items[0]!;
    const last = items[--this.size]!; // sinks from the top to where no child is smaller
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && items[child + 1]! < items[child]!) child++;
      if (items[child]! >= last) break;
      items[i] = items[child]!;
      i = child;
    }
    items[i] = last;
    return smallest;
  }
}
