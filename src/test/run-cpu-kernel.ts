import v8 from "node:v8";
import plain from "../../assembly/index.ts?wasm";
import relaxed from "../../assembly/index.ts?wasm=relaxed";
import { callOf, compute, scratchBytesOf } from "../cpu/call.ts";
import type { Constants, Dims, Kernel } from "../device/kernel.ts";
import { unwritten, writtenWords } from "./guarded.ts";
import type { BindingData } from "./run-kernel.ts";

/** The module for every browser, and the one for relaxed SIMD, which Node 20 has behind a flag. */
export const builds = { plain, relaxed };
export type Build = keyof typeof builds;
export const buildNames = Object.keys(builds) as Build[];

const PAGE = 65_536;
const memory = new WebAssembly.Memory({ initial: 16, maximum: PAGE });
const exportsOf = new Map<Build, WebAssembly.Exports>();

function open(build: Build): WebAssembly.Exports {
  let exports = exportsOf.get(build);
  if (!exports) {
    if (!WebAssembly.validate(builds[build])) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
    ({ exports } = new WebAssembly.Instance(new WebAssembly.Module(builds[build]), { env: { memory } }));
    exportsOf.set(build, exports);
  }
  return exports;
}

/** Puts each tensor of `data` into the memory, one behind the other, and returns their addresses. Two names may share one. */
function place<B extends string>(data: BindingData<B>): Record<B, number> {
  const addresses = new Map<Float32Array | Uint32Array, number>();
  let end = 16;
  for (const values of Object.values(data) as (Float32Array | Uint32Array)[]) {
    if (addresses.has(values)) continue;
    addresses.set(values, end);
    end += values.byteLength;
  }
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  for (const [values, at] of addresses)
    new Uint32Array(memory.buffer, at, values.length).set(
      new Uint32Array(values.buffer, values.byteOffset, values.length),
    );
  return Object.fromEntries(
    Object.entries(data).map(([name, values]) => [name, addresses.get(values as Float32Array)]),
  ) as Record<B, number>;
}

/**
 * Runs one dispatch of `kernel`, its parts in three uneven shares, the last one first, and returns what every binding
 * holds afterwards, as u32 words.
 */
export function runCpuKernel<B extends string, D extends string>(
  build: Build,
  kernel: Kernel<B, D>,
  data: BindingData<B>,
  dims: Dims<D>,
  constants: Constants = {},
): Record<B, Uint32Array> {
  const exports = open(build);
  const anyKernel = kernel as unknown as Kernel;
  // NaN, so that what is read before it is written shows; and behind it what must not be written.
  const bytes = scratchBytesOf(anyKernel, dims);
  const { scratch, ...rest } = place({ ...data, scratch: unwritten(bytes / 4) });
  const addresses = rest as Record<B, number>;
  const call = callOf(anyKernel, addresses, dims, constants);
  const [early, late] = [Math.floor(call.parts / 5), Math.ceil((2 * call.parts) / 3)];
  compute(exports, call, late, call.parts, scratch);
  compute(exports, call, 0, early, scratch);
  compute(exports, call, early, late, scratch);
  writtenWords(new Uint32Array(memory.buffer, scratch, unwritten(bytes / 4).length), bytes / 4);
  return Object.fromEntries(
    kernel.bindings.map((name) => [
      name,
      new Uint32Array(memory.buffer, addresses[name], data[name].length).slice(),
    ]),
  ) as Record<B, Uint32Array>;
}
