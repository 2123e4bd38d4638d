import { expect } from "vitest";
import type { Device } from "../device/device.ts";
import type { ModelHandle } from "../runtime/model-handle.ts";
import { parameters, sizeOf } from "../weights/parameters.ts";
import type { Fingerprint } from "./fingerprints.ts";
import { gpuParameters, type Piece, readPieces } from "./gpu-parameters.ts";
import { maxAbsError } from "./matchers.ts";

/** How far a weight may be from PyTorch's. */
export const WEIGHT_TOLERANCE = 2e-6;

/**
 * Fails unless the model's parameters, read back from the GPU, are those of which PyTorch took the fingerprints.
 *
 * @returns the largest error of a value, and the largest share of its bound that a sum uses up
 */
export async function expectFingerprints(
  model: ModelHandle,
  expected: readonly Fingerprint[],
): Promise<{ value: number; share: number }> {
  const found = gpuParameters(model);
  expect([...found.keys()].sort()).toEqual(expected.map(({ name }) => name).sort());
  const inits = new Map(parameters(model.config).map(({ name, init }) => [name, init]));
  const worst = { value: 0, share: 0 };
  for (const { name, shape, first, last, sum, sum_sq } of expected) {
    const actual = await sums(model.device, found.get(name)!);
    expect(actual.values, `values of ${name}`).toBe(sizeOf(shape));

    const value = maxAbsError([...actual.first, ...actual.last], [...first, ...last]);
    expect(value, `error of the values of ${name}`).toBeLessThanOrEqual(WEIGHT_TOLERANCE);

    const bounds = inits.get(name) === "normal" ? normalBounds(actual) : exactBounds(actual);
    const shares = [share(actual.sum - sum, bounds.sum), share(actual.sum_sq - sum_sq, bounds.sum_sq)];
    expect(shares[0], `error of the sum of ${name}, in bounds`).toBeLessThanOrEqual(1);
    expect(shares[1], `error of the sum of squares of ${name}, in bounds`).toBeLessThanOrEqual(1);

    worst.value = Math.max(worst.value, value);
    worst.share = Math.max(worst.share, ...shares);
  }
  return worst;
}

const share = (error: number, bound: number): number => (error === 0 ? 0 : Math.abs(error) / bound);

interface Sums {
  values: number;
  sum: number;
  sum_sq: number;
  /** Of the values' sizes. */
  sum_abs: number;
}

/**
 * All but normals are PyTorch's to the bit, so only the additions round. Ours are compensated; PyTorch adds in blocks of
 * blocks, where no value passes through a thousand roundings.
 */
const exactBounds = ({ sum_abs, sum_sq }: Sums) => ({
  sum: 1000 * 2 ** -53 * sum_abs,
  sum_sq: 1000 * 2 ** -53 * sum_sq,
});

/**
 * A normal value is off by its own roundings, up or down, so that the sum of n strays like a random walk: six standard
 * deviations. The roundings of its radius may lean to one side, by less than half a unit in the last place: in a
 * square, by a unit.
 */
function normalBounds({ values, sum_sq }: Sums) {
  const walk = 6 * WEIGHT_TOLERANCE * Math.sqrt(values);
  return { sum: walk, sum_sq: walk + 2 ** -23 * sum_sq };
}

/** The sums in f64, with Kahan's compensation as good as exact, and the first and last four values. */
async function sums(
  device: Device,
  pieces: readonly Piece[],
): Promise<Sums & { first: number[]; last: number[] }> {
  const first: number[] = [];
  let last: number[] = [];
  let [values, sum, sum_sq, sum_abs, lost, lost_sq] = [0, 0, 0, 0, 0, 0];
  for await (const slice of readPieces(device, pieces)) {
    first.push(...slice.subarray(0, 4 - first.length));
    last = [...last, ...slice.subarray(-4)].slice(-4);
    values += slice.length;
    for (let i = 0; i < slice.length; i++) {
      const value = slice[i];
      const term = value - lost;
      const total = sum + term;
      lost = total - sum - term;
      sum = total;
      const term_sq = value * value - lost_sq;
      const total_sq = sum_sq + term_sq;
      lost_sq = total_sq - sum_sq - term_sq;
      sum_sq = total_sq;
      sum_abs += Math.abs(value);
    }
  }
  return { values, first, last, sum, sum_sq, sum_abs };
}
