import type { Init } from "../parameters.ts";
import { BLOCK, type Blocks, NORMAL_GROUP, PlainBlocks } from "./blocks.ts";
import type { MersenneTwister } from "./mersenne-twister.ts";
import { SimdBlocks } from "./simd-blocks.ts";

/** The fastest inner loops that the page may run, drawing from where `generator` stands. */
export function createBlocks(generator: MersenneTwister): Blocks {
  try {
    return new SimdBlocks(generator);
  } catch {
    return new PlainBlocks(generator); // no WebAssembly here, or the page's policy forbids to compile it
  }
}

/** Fills `target` with the values that `init` asks for; of normals at least 16, the tensor's last 16 not cut apart. */
export function fill(blocks: Blocks, init: Init, target: Float32Array): void {
  if (init === "ones") target.fill(1);
  else if (init === "zeros") target.fill(0);
  else if (init === "normal") fillNormal(blocks, target);
  else fillUniform(blocks, init.uniform, target);
}

/**
 * PyTorch: u * (to - from) + from with u = k / 2^24 and to = -from = bound, multiplied and added in one rounding.
 * That is (k - 2^23) * (bound / 2^23), where only the product rounds: the same float, to the last bit.
 */
function fillUniform(blocks: Blocks, bound: number, target: Float32Array): void {
  for (let i = 0; i < target.length; i += BLOCK) {
    const n = Math.min(BLOCK, target.length - i);
    blocks.draw(n, 2 ** 23, bound / 2 ** 23);
    target.set(blocks.block.subarray(0, n), i);
  }
}

function fillNormal(blocks: Blocks, target: Float32Array): void {
  const rest = target.length % NORMAL_GROUP;
  const whole = target.length - rest;
  for (let i = 0; i < whole; i += BLOCK) {
    const n = Math.min(BLOCK, whole - i);
    fillGroups(blocks, target.subarray(i, i + n));
  }
  if (rest > 0) {
    // PyTorch has drawn a number for each place by now, those beyond the last whole group in vain ...
    blocks.draw(rest, 0, 1);
    // ... and makes the last 16 values anew from 16 more.
    fillGroups(blocks, target.subarray(target.length - NORMAL_GROUP));
  }
}

/** target: a multiple of 16 values, at most a block. */
function fillGroups(blocks: Blocks, target: Float32Array): void {
  blocks.draw(target.length, 0, 2 ** -24);
  blocks.boxMuller(target.length);
  target.set(blocks.block.subarray(0, target.length));
}
