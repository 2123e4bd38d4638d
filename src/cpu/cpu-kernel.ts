/** Values by name, as a kernel's call needs them. */
type Values<N extends string> = Readonly<Record<N, number>>;

/**
 * What computes on the processor what a shader of `src/kernels/` computes on a GPU: a function of the WebAssembly module,
 * with the shader's bindings, dims and constants. Its parameters are the addresses of the bindings, the dims and the
 * constants, in this order, and at the end which share of the work it does, and where it has room for what it needs itself.
 */
export interface CpuKernel<B extends string = string, D extends string = string, C extends string = string> {
  /** The name under which the module exports it. */
  readonly name: string;
  readonly bindings: readonly B[];
  readonly dims: readonly D[];
  readonly constants: readonly C[];
  /** Bytes that every worker needs beside the bindings, none of whose contents outlives a call; none where it is left out. */
  scratchBytes?(dims: Values<D>): number;
  /** How many parts the work has, any of which may be computed apart from the others: rows, features or heads. */
  parts(dims: Values<D>): number;
}

export const defineCpuKernel = <const B extends string, const D extends string, const C extends string>(
  kernel: CpuKernel<B, D, C>,
): CpuKernel<B, D, C> => kernel;

/** Computes the parts from .. to of a dispatch. */
export type Share = (from: number, to: number) => void;

/** A dispatch, ready to be computed as often as wanted: a call of the result allocates nothing but its arguments. */
export function bindCpuKernel<B extends string, D extends string, C extends string>(
  { name, bindings, dims, constants }: CpuKernel<B, D, C>,
  exports: WebAssembly.Exports,
  addresses: Values<B>,
  dimValues: Values<D>,
  constantValues: Values<C>,
  scratch = 0,
): Share {
  const compute = exports[name] as (...values: number[]) => void;
  const values = [
    ...bindings.map((binding) => addresses[binding]),
    ...dims.map((dim) => dimValues[dim]),
    ...constants.map((constant) => constantValues[constant]),
  ];
  return (from, to) => compute(...values, from, to, scratch);
}
