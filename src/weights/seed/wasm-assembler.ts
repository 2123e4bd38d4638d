/*
 * As much of a WebAssembly assembler as the inner loops of `simd-module.ts` need: expressions are functions that
 * return the bytes of their operands followed by their own opcode, so a program reads like the formula it computes.
 */

/** Instructions, as bytes. */
export type Code = readonly number[];

/** An unsigned integer in the variable-length form of the binary format. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

/** A signed integer in the variable-length form. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest & 127];
}

const floatBytes = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)];

const operator =
  (opcode: number) =>
  (...operands: Code[]): Code => [...operands.flat(), opcode];
/** Instructions on vectors of four 32-bit lanes have a prefix. */
const simd = (opcode: number) => [0xfd, ...unsigned(opcode)];
const vectorOperator =
  (opcode: number) =>
  (...operands: Code[]): Code => [...operands.flat(), ...simd(opcode)];
const shift =
  (opcode: number) =>
  (vector: Code, bits: number): Code => [...vector, ...i32.const(bits), ...simd(opcode)];
const ALIGN_4 = 2;

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: operator(0x6a),
  shl: operator(0x74),
  ltU: operator(0x49),
};

/** 128 bits, without a type. */
export const v128 = {
  load: (address: Code, offset: number): Code => [...address, ...simd(0), ALIGN_4, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    ...simd(11),
    ALIGN_4,
    ...unsigned(offset),
  ],
  and: vectorOperator(78),
  xor: vectorOperator(81),
  /** Bits of `a` where `mask` is 1, of `b` where it is 0. */
  select: (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, ...simd(82)],
};

/** Four integers. */
export const i32x4 = {
  splat: vectorOperator(17),
  all: (value: number): Code => i32x4.splat(i32.const(value)),
  shl: shift(171),
  shrS: shift(172),
  shrU: shift(173),
  add: vectorOperator(174),
  sub: vectorOperator(177),
  truncate: vectorOperator(248),
};

/** Four floats. */
export const f32x4 = {
  splat: vectorOperator(19),
  all: (value: number): Code => [0x43, ...floatBytes(value), ...simd(19)],
  sqrt: vectorOperator(227),
  add: vectorOperator(228),
  sub: vectorOperator(229),
  mul: vectorOperator(230),
  div: vectorOperator(231),
  fromInteger: vectorOperator(250),
};

/** Runs `body` for local = 0, step, 2 step ... while it is below `end`; not at all where `end` is 0. */
export const forLocal = (local: number, end: Code, step: number, body: Code): Code => [
  ...set(local, i32.const(0)),
  ...[0x02, 0x40, 0x03, 0x40], // block, loop: a branch to 1 leaves, a branch to 0 repeats
  ...i32.ltU(get(local), end),
  ...[0x45, 0x0d, 1], // not, branch if
  ...body,
  ...set(local, i32.add(get(local), i32.const(step))),
  ...[0x0c, 0, 0x0b, 0x0b],
];

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

/** A function without a result. Its parameters are its first locals. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly locals: readonly number[];
  readonly body: Code;
}

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const named = (name: string): number[] => sized([...new TextEncoder().encode(name)]);

/** A module of `functions` over one memory of `pages` times 64 KiB, all exported (the memory as "memory"). */
export function assemble(pages: number, functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const section = (id: number, items: readonly (readonly number[])[]) => [id, ...sized(vector(items))];
  const oneByte = (type: number) => [type];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(
      1,
      functions.map((f) => [0x60, ...vector(f.parameters.map(oneByte)), 0]),
    ),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(5, [[0, ...unsigned(pages)]]),
    ...section(7, [
      [...named("memory"), 2, 0],
      ...functions.map((f, i) => [...named(f.name), 0, ...unsigned(i)]),
    ]),
    ...section(
      10,
      functions.map((f) => sized([...vector(f.locals.map((type) => [1, type])), ...f.body, 0x0b])),
    ),
  ]);
}
