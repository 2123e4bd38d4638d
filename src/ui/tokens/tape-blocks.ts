/** Chips of a closed block, at least. */
export const BLOCK = 32;

/** Consecutive chips of a row, which are drawn and laid out together. */
export class Block {
  /** The first chip's place in the row. */
  start: number;
  /** One behind the last chip's. */
  end: number;
  /** Counts the times that other tokens took the places of its own. */
  edition = 0;
  /** How many tokens at the row's beginning were cropped away when its chips were drawn last; undefined before that. */
  dropped: number | undefined;
  isInView = false;

  constructor(start: number, end: number) {
    this.start = start;
    this.end = end;
  }
}

/**
 * The chips of one row, in blocks of whole lines: a token that is appended draws and lays out the open block alone,
 * however long the text is. Where the lines break, the layout has to tell.
 */
export class TapeBlocks {
  /** What follows each of them begins a line. */
  closed: Block[] = [];
  /** The last one, which grows. */
  open = new Block(0, 0);
  /** The place of the chip that begins the last line, once the layout has told. */
  lastLine = 0;
  #ids: readonly number[] = [];

  /**
   * Takes the row as it is now.
   * @param mostDrawn how many chips stand in blocks, at the row's end, and some more in front to fill a block
   * @param mostNew how many chips may be added to them at once
   * @returns how many were added, and whether the row is what it was, or longer
   */
  take(ids: readonly number[], mostDrawn: number, mostNew: number): { added: number; isSame: boolean } {
    const before = this.#ids;
    this.#ids = ids;
    let same = 0;
    while (same < before.length && before[same] === ids[same]) same++;
    this.#forgetFrom(same);
    this.#cropTo(Math.max(0, ids.length - mostDrawn));
    const added = Math.min(this.missing, mostNew);
    if (added > 0) this.#close();
    this.open.end += added;
    return { added, isSame: same === before.length };
  }

  /** The row that was taken last. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  /** The place of the first chip that is drawn. */
  get start(): number {
    return (this.closed[0] ?? this.open).start;
  }

  /** How many chips of the row are still to be drawn. */
  get missing(): number {
    return this.#ids.length - this.open.end;
  }

  /** Forms the blocks anew. @param lineStarts the places of the chips that begin a line, the first chip's first */
  regroup(lineStarts: readonly number[]): void {
    const starts: number[] = [];
    for (const start of lineStarts) if (start - (starts.at(-1) ?? -BLOCK) >= BLOCK) starts.push(start);
    const blocks = starts.map((start, i) => new Block(start, starts[i + 1] ?? this.open.end));
    this.open = blocks.pop() ?? this.open;
    this.closed = blocks;
    this.lastLine = lineStarts.at(-1) ?? 0;
  }

  /** Ends the open block before its last line, where it is long enough. */
  #close(): void {
    const { open, lastLine } = this;
    if (lastLine - open.start < BLOCK) return;
    this.open = new Block(lastLine, open.end);
    open.end = lastLine;
    this.closed.push(open);
  }

  /** From this place on stand other tokens now, or none: whether the one there still begins a line, nobody knows. */
  #forgetFrom(place: number): void {
    if (place >= this.open.end) return;
    while (this.open.start >= place && this.closed.length > 0) this.open = this.closed.pop()!;
    if (place <= this.lastLine) this.lastLine = 0;
    if (place < this.open.start) this.open = new Block(0, 0);
    else {
      this.open.end = place;
      this.open.edition++;
    }
  }

  /** Leaves out the blocks in front of this place. */
  #cropTo(place: number): void {
    while ((this.closed[1] ?? this.open).start <= place && this.closed.length > 0) this.closed.shift();
    if (this.open.end < place) this.open = new Block(place, place);
  }
}
