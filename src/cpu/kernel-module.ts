import { NextTokenError } from "../errors.ts";

/** Every build of the kernels, each fetched when it is wanted; relaxed SIMD multiplies and adds in one step. */
const builds = {
  own: {
    relaxed: () => import("../../assembly/index.ts?wasm=relaxed"),
    plain: () => import("../../assembly/index.ts?wasm"),
  },
  shared: {
    relaxed: () => import("../../assembly/index.ts?wasm=relaxed,shared"),
    plain: () => import("../../assembly/index.ts?wasm=shared"),
  },
};

/**
 * The kernels, compiled by the browser, as it can run them the fastest.
 * @param memory whether each worker has its own, or several share one
 * @throws NextTokenError "no-webassembly"
 */
export async function kernelModule(memory: keyof typeof builds): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === "undefined") throw noWebAssembly();
  const { relaxed, plain } = builds[memory];
  let { default: bytes } = await relaxed();
  if (!WebAssembly.validate(bytes)) ({ default: bytes } = await plain());
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw noWebAssembly(cause);
  }
}

const noWebAssembly = (cause?: unknown): NextTokenError =>
  new NextTokenError(
    "no-webassembly",
    "This browser cannot compute the model on the processor: it has no WebAssembly with SIMD, or the page's policy forbids it. Use a current Chrome, Edge, Safari or Firefox.",
    { cause },
  );
