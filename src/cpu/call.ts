import type { Constants, Dims, Kernel } from "../device/kernel.ts";
import { NextTokenError } from "../errors.ts";

/** A dispatch as a worker computes it: a function of the WebAssembly module, and what it is called with. */
export interface Call {
  readonly name: string;
  /** Addresses of the bindings, dims and constants. */
  readonly values: readonly number[];
  /** Any of which may be computed apart from the others. */
  readonly parts: number;
}

/** The call that does what a kernel does, on buffers at these addresses. */
export function callOf(
  { label, bindings, dims, cpu }: Kernel,
  addresses: Readonly<Record<string, number>>,
  dimValues: Dims<string>,
  constants: Constants,
): Call {
  if (!cpu) throw new NextTokenError("unexpected", `${label} computes on a GPU only.`);
  const { name, constants: needed = [], given = {} } = cpu;
  const values = [
    ...bindings.map((binding) => addresses[binding]!),
    ...dims.map((dim) => dimValues[dim]!),
    ...needed.map((constant) => constants[constant]!),
    ...Object.values(given),
  ];
  return { name, values, parts: cpu.parts(dimValues) };
}

/** Room that each worker needs for a kernel, in bytes. */
export const scratchBytesOf = ({ cpu }: Kernel, dims: Dims<string>): number => cpu?.scratchBytes?.(dims) ?? 0;

/** Computes the parts from .. to of a call. */
export function compute(
  exports: WebAssembly.Exports,
  { name, values }: Call,
  from: number,
  to: number,
  scratch: number,
): void {
  // A function that needs no room ignores the last argument.
  (exports[name] as (...values: number[]) => void)(...values, from, to, scratch);
}
