import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The folder of the `webgpu` package that holds this machine's Dawn, and on Windows the libraries beside it. */
export function dawnFolder(): string {
  const platform = process.platform === "darwin" ? "darwin-universal" : `${process.platform}-${process.arch}`;
  const entry = createRequire(import.meta.url).resolve("webgpu");
  return join(dirname(entry), "dist", platform);
}

/** Dawn's binary: the one beside this file, where a packed benchmark carries it, or the package's. */
export function dawnBinary(): string {
  const packed = join(import.meta.dirname, "dawn.node");
  return existsSync(packed) ? packed : join(dawnFolder(), "dawn.node");
}
