/**
 * How the numbers of a tensor lie in its storage, in elements: `rows` lines of `columns`, one behind the other in steps of
 * `step`. `isTransposed`: the tensor's rows are the columns of those lines.
 */
export interface Lines {
  readonly lines: number;
  readonly length: number;
  readonly step: number;
  readonly isTransposed: boolean;
}

/**
 * Recognises the views that modules have: whole tensors, bands of rows or columns, and their transposes.
 * @returns undefined for one that is none of those: with overlapping or repeated numbers, or permuted otherwise
 */
export function linesOf(shape: readonly number[], strides: readonly number[]): Lines | undefined {
  const [first = [1, 1], second, ...more] = joined(shape, strides);
  if (more.length > 0) return undefined;
  if (!second) {
    const [length, step] = first;
    if (step === 1) return { lines: 1, length, step: length, isTransposed: false };
    return step > 1 ? { lines: length, length: 1, step, isTransposed: false } : undefined;
  }
  const [[rows, rowStep], [columns, columnStep]] = [first, second];
  if (columnStep === 1 && rowStep >= columns)
    return { lines: rows, length: columns, step: rowStep, isTransposed: false };
  if (rowStep === 1 && columnStep >= rows)
    return { lines: columns, length: rows, step: columnStep, isTransposed: true };
  return undefined;
}

type Dimension = [length: number, stride: number];

/** The dimensions without those of length 1, and as one where one goes on where the next ends. */
function joined(shape: readonly number[], strides: readonly number[]): Dimension[] {
  const dimensions: Dimension[] = [];
  for (const [index, length] of shape.entries()) {
    if (length === 1) continue;
    const stride = strides[index]!;
    const before = dimensions.at(-1);
    if (before && before[1] === length * stride) {
      before[0] *= length;
      before[1] = stride;
    } else dimensions.push([length, stride]);
  }
  return dimensions;
}
