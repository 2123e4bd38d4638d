import { describe, expect, it } from "vitest";
import { BLOCK, TapeBlocks } from "./tape-blocks.ts";

const ids = (length: number) => Array.from({ length }, (_, i) => i);
const shape = ({ closed, open }: TapeBlocks) => [...closed, open].map(({ start, end }) => [start, end]);

/** A row of so many tokens, ten to a line, that came one by one. */
function grown(length: number, mostDrawn = 1024): TapeBlocks {
  const row = new TapeBlocks();
  for (let T = 1; T <= length; T++) {
    row.take(ids(T), mostDrawn, 128);
    row.lastLine = 10 * Math.floor((T - 1) / 10);
  }
  return row;
}

describe("TapeBlocks", () => {
  it("closes a block before the last line, once it is long enough and the row goes on", () => {
    expect(BLOCK).toBeLessThanOrEqual(40);
    expect(shape(grown(41))).toEqual([[0, 41]]);
    expect(shape(grown(42))).toEqual([
      [0, 40],
      [40, 42],
    ]);
    const [first] = grown(95).closed;
    expect(first).toMatchObject({ start: 0, end: 40, edition: 0 }); // as it was: nothing of it is drawn again
  });

  it("draws a long row in parts", () => {
    const row = new TapeBlocks();
    expect(row.take(ids(300), 1024, 128)).toEqual({ added: 128, isSame: true });
    expect(row.missing).toBe(172);
    row.take(ids(300), 1024, 128);
    row.take(ids(300), 1024, 128);
    expect(row.missing).toBe(0);
  });

  it("opens a block again whose next line begins with another token", () => {
    const row = grown(95);
    expect(shape(row)).toEqual([
      [0, 40],
      [40, 80],
      [80, 95],
    ]);
    expect(row.take([...ids(80), 7, 8], 1024, 128)).toEqual({ added: 2, isSame: false });
    expect(shape(row)).toEqual([
      [0, 40],
      [40, 82],
    ]);
    row.take([9, ...ids(5)], 1024, 128);
    expect(shape(row)).toEqual([[0, 6]]);
    expect(row.open.edition).toBeGreaterThan(0);
  });

  it("leaves out whole blocks in front of a row that is too long, and begins there with one that is so at once", () => {
    const row = grown(130, 60);
    expect(row.start).toBe(40);
    expect(shape(row).at(-1)![1]).toBe(130);
    row.take(ids(1000), 60, 128);
    expect(shape(row)).toEqual([[940, 1000]]);
    row.take(ids(5), 60, 128);
    expect(shape(row)).toEqual([[0, 5]]);
  });

  it("forms them anew where the lines break elsewhere", () => {
    const row = grown(95);
    row.regroup([0, 25, 50, 75]);
    expect(shape(row)).toEqual([
      [0, 50],
      [50, 95],
    ]);
    row.take(ids(96), 1024, 128);
    expect(shape(row)).toEqual([
      [0, 50],
      [50, 96],
    ]);
  });
});
