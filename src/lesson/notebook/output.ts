import type { Logits } from "../../index.ts";

/** What a cell prints, as values: `values` in memory order, `shape` as they are laid out. */
export interface Numbers {
  /** "ids": a tensor of whole numbers; "logits": of numbers with four decimals; a Python list; a torch.Size. */
  kind: "ids" | "logits" | "list" | "size";
  shape: readonly number[];
  values: readonly number[];
}

export interface Text {
  kind: "text";
  text: string;
}

export type Output = Numbers | Text;

/** Columns that PyTorch shows at either end of a row that it shortens. */
export const EDGE = 3;

/** A tensor of ids [B, T]. */
export function tensor(rows: readonly (readonly number[])[]): Numbers {
  return { kind: "ids", shape: [rows.length, rows[0]!.length], values: rows.flat() };
}

/** The logits [B, T, vocab_size] as PyTorch shows them: of each row the first and the last three, [B, T, 6]. */
export function logits({ shape: [B, T, vocab_size], data }: Logits): Numbers {
  const values: number[] = [];
  for (let row = 0; row < B * T; row++) {
    const start = row * vocab_size;
    values.push(...data.subarray(start, start + EDGE));
    values.push(...data.subarray(start + vocab_size - EDGE, start + vocab_size));
  }
  return { kind: "logits", shape: [B, T, 2 * EDGE], values };
}

/** A Python list of ids. */
export function list(ids: readonly number[]): Numbers {
  return { kind: "list", shape: [ids.length], values: [...ids] };
}

/** The shape of a tensor. */
export function size(shape: readonly number[]): Numbers {
  return { kind: "size", shape: [shape.length], values: [...shape] };
}

export function text(text: string): Text {
  return { kind: "text", text };
}
