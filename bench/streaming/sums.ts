import { defineKernel, gridOver } from "../../src/gpu/kernel.ts";
import byThread from "./sum-by-thread.wgsl?raw";
import coalesced from "./sum-coalesced.wgsl?raw";

const THREADS = 64;

const define = (label: string, wgsl: string) =>
  defineKernel({
    label,
    wgsl,
    bindings: ["x", "y"],
    dims: ["count"],
    workgroups: ({ count }, { chunks }) => gridOver(Math.ceil(count / chunks!), THREADS),
  });

const sumCoalesced = define("sum, coalesced", coalesced);
const sumByThread = define("sum, by thread", byThread);

/** Ways to read all of a buffer once: which is fastest depends on the adapter. */
export const sums = [
  { kernel: sumCoalesced, constants: { chunks: 8 } },
  { kernel: sumCoalesced, constants: { chunks: 64 } },
  { kernel: sumByThread, constants: { chunks: 64 } },
  { kernel: sumByThread, constants: { chunks: 768 } },
] as const;

export type Sum = (typeof sums)[number];

/** Values of y, f32, for `count` vec4s of x. */
export function outputs({ kernel, constants }: Sum, count: number): number {
  const [x, y = 1] = kernel.workgroups({ count }, constants);
  return x * y * THREADS;
}
