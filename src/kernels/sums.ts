import coalesced from "../../shaders/bandwidth/sum-coalesced.wgsl?raw";
import register from "../../shaders/bandwidth/sum-register.wgsl?raw";
import { type Constants, defineKernel, type Grid, gridOver } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";

/** Rows of x that a thread of sum-register reads. */
const ROWS = shaderConstant(register, "ROWS");

/** Vec4s that the processor adds up at once; more than a GPU's thread does, so that y has room for every result. */
const SHARE = 4096;

const threadsOf = ({ wgsl }: { wgsl: string }) => shaderConstant(wgsl, "threads");

/** `reads`: vec4s of x that a thread reads. */
function define(label: string, wgsl: string, reads: (constants: Constants) => number) {
  return defineKernel({
    label,
    wgsl,
    bindings: ["x", "y"],
    dims: ["count"],
    cpu: { name: "sum", parts: ({ count }) => Math.ceil(count / SHARE) },
    workgroups: ({ count }, constants): Grid =>
      gridOver(Math.ceil(count / reads(constants)), threadsOf({ wgsl })),
  });
}

const sumCoalesced = define("sum, coalesced", coalesced, ({ vecs }) => vecs!);
const sumRegister = define("sum, register", register, ({ vecs }) => ROWS * vecs!);

/** Ways to read all of a buffer once: which is fastest depends on the adapter. */
export const sums = [
  { kernel: sumCoalesced, constants: { vecs: 8 } },
  { kernel: sumCoalesced, constants: { vecs: 64 } },
  { kernel: sumRegister, constants: { vecs: 16 } },
  { kernel: sumRegister, constants: { vecs: 192 } },
] as const;

export type Sum = (typeof sums)[number];

/** A sum in words. */
export const nameOf = ({ kernel, constants: { vecs } }: Sum): string =>
  kernel === sumCoalesced
    ? `${kernel.label}, ${vecs} vec4 a thread`
    : `${kernel.label}, ${ROWS} rows of ${vecs} vec4 each`;

/** Values of y, f32, for `count` vec4s of x. */
export function outputs({ kernel, constants }: Sum, count: number): number {
  const [x, y = 1] = kernel.workgroups({ count }, constants);
  return x * y * threadsOf(kernel);
}
