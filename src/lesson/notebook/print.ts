import { EDGE, type Numbers, type Output } from "./output.ts";

/** A piece of what is printed: `at` is the index of the value that it shows; what stands between values has none. */
export interface Piece {
  text: string;
  at?: number;
}

/** PyTorch's own defaults. */
const LINE_WIDTH = 80;
const DECIMALS = 4;

/** `output` as Python prints it, in pieces, so that single values can be marked. */
export function print(output: Output): Piece[] {
  if (output.kind === "text") return [{ text: output.text }];
  const cells = output.values.map((value, at) => ({ text: formatted(value, output.kind), at }));
  if (output.kind === "list") return joined(cells, "[", "]");
  if (output.kind === "size") return joined(cells, "torch.Size([", "])");

  const width = Math.max(...cells.map(({ text }) => text.length));
  const aligned = cells.map(({ text, at }) => ({ text: text.padStart(width), at }));
  const open = "tensor(";
  return [{ text: open }, ...nested(aligned, output, 0, open.length), { text: ")" }];
}

/** The same as plain text. */
export function printText(output: Output): string {
  return print(output)
    .map(({ text }) => text)
    .join("");
}

function formatted(value: number, kind: Numbers["kind"]): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").replace("NaN", "nan");
  return kind === "logits" ? value.toFixed(DECIMALS) : String(value);
}

/** What belongs to dimension `dim` of the shape, in brackets, behind `indent` characters. */
function nested(cells: readonly Piece[], output: Numbers, dim: number, indent: number): Piece[] {
  const { shape } = output;
  const dimensions = shape.length - dim;
  if (dimensions === 1) return vector(cells, output, indent);
  const length = cells.length / shape[dim]!;
  const between = `,${"\n".repeat(dimensions - 1)}${" ".repeat(indent + 1)}`;
  const pieces: Piece[] = [{ text: "[" }];
  for (let i = 0; i < shape[dim]!; i++) {
    if (i > 0) pieces.push({ text: between });
    pieces.push(...nested(cells.slice(i * length, (i + 1) * length), output, dim + 1, indent + 1));
  }
  return [...pieces, { text: "]" }];
}

function vector(cells: readonly Piece[], { kind }: Numbers, indent: number): Piece[] {
  const shown = kind === "logits" ? [...cells.slice(0, EDGE), { text: " ..." }, ...cells.slice(EDGE)] : cells;
  const perLine = Math.max(1, Math.floor((LINE_WIDTH - indent) / (cells[0]!.text.length + 2)));
  return joined(shown, "[", "]", (i) => (i % perLine === 0 ? `,\n${" ".repeat(indent + 1)}` : ", "));
}

function joined(
  cells: readonly Piece[],
  open: string,
  close: string,
  before: (i: number) => string = () => ", ",
): Piece[] {
  const pieces = cells.flatMap((cell, i) => (i > 0 ? [{ text: before(i) }, cell] : [cell]));
  return [{ text: open }, ...pieces, { text: close }];
}
