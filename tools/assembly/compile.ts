import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** What a module of kernels is compiled for. */
export interface Features {
  /** A product and a sum with one rounding, where the processor can (relaxed SIMD). */
  relaxed?: boolean;
  /** Its memory may be shared among workers. */
  shared?: boolean;
}

const asc = fileURLToPath(import.meta.resolve("assemblyscript/bin/asc.js"));
/** The most pages of 64 KiB that a memory can have: 4 GiB. */
const MAX_PAGES = 65_536;

/** Compiles the AssemblyScript of `entry` to WebAssembly, whose functions work in a memory that is given to them. */
export async function compile(
  entry: string,
  { relaxed = false, shared = false }: Features = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const options = [
    ...["--optimizeLevel", "3", "--converge", "--noAssert", "--runtime", "stub"],
    ...["--importMemory", "--noExportMemory", "--maximumMemory", `${MAX_PAGES}`],
    ...["--enable", "simd"],
    ...(relaxed ? ["--enable", "relaxed-simd"] : []),
    ...(shared ? ["--enable", "threads", "--sharedMemory"] : []),
    "--outFile", // to stdout
  ];
  // A process of its own: the compiler is large, and tsx would take half a minute to transform it.
  const { stdout } = await promisify(execFile)(process.execPath, [asc, entry, ...options], {
    encoding: "buffer",
    maxBuffer: 2 ** 24,
  });
  return new Uint8Array(stdout);
}
