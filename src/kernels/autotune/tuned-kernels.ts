import type { AttentionVariant } from "../flash-attention.ts";
import { type MatmulVariant, needsSubgroups } from "../linear.ts";

/** Which variants of kernels suit an adapter. */
export interface TunedKernels {
  /** Of a product of one row, */
  readonly one: MatmulVariant;
  /** of up to MAX_MATVEC_ROWS rows, */
  readonly few: MatmulVariant;
  /** and of more. */
  readonly many: MatmulVariant;
  readonly attention: AttentionVariant;
}

/** Variants that every adapter can run, and whose threads share nothing but, for attention, workgroup memory. */
export const SAFEST: TunedKernels = {
  one: "matmulRegister",
  few: "matmulRegister",
  many: "matmulRegister",
  attention: "workgroup",
};

/** What a driver is likeliest to get wrong goes first: subgroups and attention in tiles, then whatever else is shared. */
export function saferThan(kernels: TunedKernels): TunedKernels | undefined {
  const plain: TunedKernels = {
    one: withoutSubgroups(kernels.one),
    few: withoutSubgroups(kernels.few),
    many: withoutSubgroups(kernels.many),
    attention: "workgroup",
  };
  return [plain, SAFEST].find((safer) => !areEqual(safer, kernels));
}

function withoutSubgroups(variant: MatmulVariant): MatmulVariant {
  if (variant === "matvecSubgroups") return "matvec";
  return needsSubgroups(variant) ? "matmulRegister" : variant;
}

const areEqual = (a: TunedKernels, b: TunedKernels): boolean =>
  a.one === b.one && a.few === b.few && a.many === b.many && a.attention === b.attention;
