import type { Constants, Dims, Grid, Kernel } from "../device/kernel.ts";

/** Workgroups in the first dimension of a grid that is folded early. */
const WIDTH = 3;

/** `kernel` with its grid folded after three workgroups and not after 65535, so that few values reach the fold. */
export const foldedEarly = <B extends string, D extends string>(kernel: Kernel<B, D>): Kernel<B, D> => ({
  ...kernel,
  workgroups: (dims: Dims<D>, constants: Constants): Grid => {
    const [x, y = 1] = kernel.workgroups(dims, constants);
    return [WIDTH, Math.ceil((x * y) / WIDTH)];
  },
});
