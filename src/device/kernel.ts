/** Values of a kernel's dims: u32, in the order in which its WGSL struct declares them. */
export type Dims<D extends string> = Readonly<Record<D, number>>;
export type Constants = Readonly<Record<string, number>>;
export type Grid = readonly [x: number, y?: number, z?: number];

/**
 * The function of `assembly/` that computes on the processor what a shader computes on a GPU. Its parameters are the addresses
 * of the kernel's bindings, the dims, `constants` and `given`, each in their order, then which parts of the work it does and,
 * where it needs that, where it has room.
 */
export interface Counterpart<D extends string = string> {
  /** Under which the module exports it. */
  readonly name: string;
  /** Those of the kernel's constants that it needs. */
  readonly constants?: readonly string[];
  /** Constants that are part of the kernel itself, such as the format of its weights. */
  readonly given?: Constants;
  /** Bytes that each worker needs beside the bindings, none of whose contents outlives a call. */
  scratchBytes?(dims: Dims<D>): number;
  /** How many parts the work has, any of which may be computed apart from the others: rows, features or heads. */
  parts(dims: Dims<D>): number;
}

/** The TypeScript twin of a shader; `B` names its storage bindings, `D` its dims, in the shader's order. */
export interface Kernel<B extends string = string, D extends string = string> {
  readonly label: string;
  readonly wgsl: string;
  readonly bindings: readonly B[];
  readonly dims: readonly D[];
  /**
   * Those of the dims that are specialization constants: the shader reads them as a `const` instead of from the uniform,
   * as WGSL demands of an array's length. An index into an array of known length needs no bounds check. Each set of values
   * is a pipeline of its own.
   */
  readonly fixed?: readonly D[];
  /** What does the same on the processor. Variants that only a GPU needs have none. */
  readonly cpu?: Counterpart<D>;
  /** Workgroups to start for these dims. */
  workgroups(dims: Dims<D>, constants: Constants): Grid;
}

/** The dims that a kernel reads from its uniform, in the order of its struct. */
export const uniformDims = ({ dims, fixed = [] }: Kernel): readonly string[] =>
  dims.filter((name) => !fixed.includes(name));

/** The WGSL that runs for these dims: the kernel's, with its specialization constants appended. */
export const sourceFor = ({ wgsl, fixed = [] }: Kernel, dims: Dims<string>): string =>
  [wgsl, ...fixed.map((name) => `const ${name} = ${dims[name]}u;`)].join("\n");

/** Bindings as the WGSL declares them, by number: the shader is the only source of numbers and access modes. */
export interface Binding {
  name: string;
  index: number;
  type: GPUBufferBindingType;
}

const declaration =
  /@group\(0\)\s*@binding\((\d+)\)\s*var<(uniform|storage)(?:,\s*(read_write|read))?>\s*(\w+)\s*:/g;

export function declaredBindings(wgsl: string): Binding[] {
  const bindings = [...wgsl.matchAll(declaration)].map(
    ([, index, space, access, name]): Binding => ({
      name: name!,
      index: Number(index),
      type: space === "uniform" ? "uniform" : access === "read_write" ? "storage" : "read-only-storage",
    }),
  );
  return bindings.sort((a, b) => a.index - b.index);
}

/**
 * Declares a kernel. The names must be the shader's own, in its order: a twin that drifts from its WGSL
 * fails when the module is loaded, not when a number comes out wrong.
 */
export function defineKernel<const B extends string, const D extends string>(
  kernel: Kernel<B, D>,
): Kernel<B, D> {
  const storage = declaredBindings(kernel.wgsl).filter(({ type }) => type !== "uniform");
  const names = storage.map(({ name }) => name).join();
  if (names !== kernel.bindings.join()) {
    throw new Error(`Kernel ${kernel.label} binds ${kernel.bindings.join()}, its shader ${names}.`);
  }
  const struct = /struct Dims \{([^}]*)\}/.exec(kernel.wgsl)?.[1] ?? "";
  const fields = [...struct.matchAll(/(\w+)\s*:\s*u32/g)].map(([, name]) => name).join();
  const uniform = uniformDims(kernel as unknown as Kernel).join();
  if (fields !== uniform) {
    throw new Error(`Kernel ${kernel.label} has dims ${uniform}, its shader ${fields}.`);
  }
  return kernel;
}

/** Workgroups of `size` elements over n elements, in two dimensions where one would exceed WebGPU's limit. */
export function gridOver(n: number, size: number): Grid {
  const groups = Math.max(1, Math.ceil(n / size));
  const x = Math.min(groups, 65535);
  return [x, Math.ceil(groups / x)];
}
