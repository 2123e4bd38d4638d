import type { GPTConfig } from "../config.ts";
import { NextTokenError } from "../errors.ts";

/** Throws unless `idx` is a batch that this model can read in one pass: as `checkIdx`, and no longer than its context. */
export function checkContext(idx: readonly (readonly number[])[], config: GPTConfig): void {
  checkIdx(idx, config);
  const { length } = idx[0]!;
  if (length > config.context_length) {
    throw new NextTokenError(
      "too-many-tokens",
      `A row has ${length} tokens; this model looks at ${config.context_length} at most. Crop it.`,
    );
  }
}

/** Throws unless `idx` is a batch that the tokenizer could have made: rows of equal length, ids in the vocabulary. */
export function checkIdx(idx: readonly (readonly number[])[], { vocab_size }: GPTConfig): void {
  if (idx.length === 0)
    throw new NextTokenError("empty-row", "The batch has no row. Give at least one row of token ids.");
  const length = idx[0]!.length;
  for (const [row, ids] of idx.entries()) {
    if (ids.length === 0) {
      throw new NextTokenError(
        "empty-row",
        `Row ${row} has no token. Start an empty text from <|endoftext|>, id 50256.`,
      );
    }
    if (ids.length !== length) {
      throw new NextTokenError(
        "ragged-batch",
        `Row ${row} has ${ids.length} tokens and row 0 has ${length}. Rows of a batch must be equally long.`,
      );
    }
    const wrong = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocab_size);
    if (wrong !== -1) {
      throw new NextTokenError(
        "id-out-of-range",
        `Token id ${ids[wrong]} in row ${row} is not a whole number from 0 to ${vocab_size - 1}: the model has vocab_size=${vocab_size}. Give it other tokens, or take a model that has this one.`,
      );
    }
  }
}
