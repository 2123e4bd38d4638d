/** One thing broken: in `file` the text `find`, which stands there once, becomes `replace`. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The smallest suite that should notice. */
  readonly suite: Suite;
}

/** A Vitest project and one of its files. */
export type Suite = `${"unit" | "gpu" | "parity"} ${string}`;

/** Suites that many mutations name. */
export const kernel = (name: string): Suite => `gpu src/kernels/${name}.gpu.test.ts`;
export const counterpart = (name: string): Suite => `unit src/cpu/${name}.test.ts`;
export const logits: Suite = "parity src/runtime/small.parity.test.ts";
export const loop: Suite = "gpu src/generate/generate.gpu.test.ts";
export const notebookLoop: Suite = "parity src/generate/small.parity.test.ts";
export const inspection: Suite = "parity src/runtime/inspect.parity.test.ts";
