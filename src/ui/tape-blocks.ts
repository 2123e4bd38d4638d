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
 * The chips of one row, in blocks of whole lines: a token that is appended lays out the last block alone, however long
 * the text is. Where the lines break, the layout has to tell.
 */
export class TapeBlocks {
  /** All but the last are closed: what follows them begins a line. */
  blocks: Block[] = [];
  #ids: readonly number[] = [];

  /**
   * Takes the row as it is now.
   * @param mostDrawn how many chips may stand in blocks at the row's end
   * @param mostNew how many chips may be added to them at once
   * @returns how many were added, and whether the row is what it was, or longer
   */
  take(ids: readonly number[], mostDrawn: number, mostNew: number): { added: number; isSame: boolean } {
    const before = this.#ids;
    this.#ids = ids;
    let same = 0;
    while (same < before.length && before[same] === ids[same]) same++;
    this.#forgetFrom(same);
    const from = Math.max(0, ids.length - mostDrawn);
    while (this.blocks.length > 1 && this.blocks[1]!.start <= from) this.blocks.shift();
    const last = this.blocks.at(-1);
    if (!last || last.end < from) this.blocks = [new Block(from, from)];
    const open = this.blocks.at(-1)!;
    const added = Math.min(ids.length - open.end, mostNew);
    open.end += added;
    return { added, isSame: same === before.length };
  }

  /** The row that was taken last. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  /** How many chips of the row are still to be drawn. */
  get missing(): number {
    return this.#ids.length - (this.blocks.at(-1)?.end ?? 0);
  }

  /** Closes the last block before the line that begins with this chip, the last one of the block. */
  closeAt(lineStart: number): void {
    const open = this.blocks.at(-1)!;
    this.blocks.push(new Block(lineStart, open.end));
    open.end = lineStart;
  }

  /** Forms the blocks anew. @param lineStarts the chips that begin a line, the first chip first */
  regroup(lineStarts: readonly number[]): void {
    const { end } = this.blocks.at(-1)!;
    const starts: number[] = [];
    for (const start of lineStarts) if (start - (starts.at(-1) ?? -BLOCK) >= BLOCK) starts.push(start);
    this.blocks = starts.map((start, i) => new Block(start, starts[i + 1] ?? end));
  }

  /** What stands from this place on is another token now, or none: whether it still begins a line, nobody knows. */
  #forgetFrom(place: number): void {
    const { blocks } = this;
    if (place >= (blocks.at(-1)?.end ?? 0)) return;
    while (blocks.length > 1 && blocks.at(-1)!.start >= place) blocks.pop();
    const open = blocks.at(-1)!;
    if (open.start >= place && open.start > 0) blocks.pop();
    else {
      open.end = Math.min(open.end, Math.max(place, open.start));
      open.edition++;
    }
  }
}
