import { resolve } from "node:path";
import { compile } from "./compile.ts";

const assembly = resolve(import.meta.dirname, "../../assembly");

/** Before the first test, so that none waits for a compiler: every module, for whatever it is compiled. */
export async function setup(): Promise<void> {
  const features = [{}, { relaxed: true }, { shared: true }, { relaxed: true, shared: true }];
  await Promise.all([
    compile(resolve(assembly, "seed/blocks.ts")),
    ...features.map((wanted) => compile(resolve(assembly, "index.ts"), wanted)),
  ]);
}
