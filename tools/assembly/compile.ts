import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";

/** What a module of kernels is compiled for. */
export interface Features {
  /** A product and a sum with one rounding, where the processor can (relaxed SIMD). */
  relaxed?: boolean;
  /** Its memory may be shared among workers. */
  shared?: boolean;
}

/** The most pages of 64 KiB that a memory can have: 4 GiB. */
const MAX_PAGES = 65_536;

const root = resolve(import.meta.dirname, "../..");
const asc = join(root, "node_modules/assemblyscript/bin/asc.js"); // by its path, which Deno finds as well
const compiler = join(root, "node_modules/assemblyscript/package.json");
const kept = join(root, "node_modules/.cache/next-token-assembly");

const optionsFor = ({ relaxed = false, shared = false }: Features): string[] => [
  ...["--optimizeLevel", "3", "--converge", "--noAssert", "--runtime", "stub"],
  ...["--importMemory", "--noExportMemory", "--maximumMemory", `${MAX_PAGES}`],
  ...["--enable", "simd"],
  ...(relaxed ? ["--enable", "relaxed-simd"] : []),
  ...(shared ? ["--enable", "threads", "--sharedMemory"] : []),
];

/** What this process compiled or is compiling: a page and its workers ask for the same at once. */
const modules = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

/**
 * Compiles the AssemblyScript of `entry` to WebAssembly, whose functions work in a memory that is given to them. What was
 * compiled is kept for as long as the sources, the compiler and the options are the same: it takes seconds.
 */
export async function compile(entry: string, features: Features = {}): Promise<Uint8Array<ArrayBuffer>> {
  const options = optionsFor(features);
  const file = join(kept, `${await nameOf(entry, options)}.wasm`);
  const module = modules.get(file) ?? readOrMake(file, entry, options);
  modules.set(file, module);
  module.catch(() => modules.delete(file));
  return module;
}

async function readOrMake(file: string, entry: string, options: readonly string[]) {
  try {
    return new Uint8Array(await readFile(file));
  } catch {
    // not compiled yet
  }
  // A process of its own: the compiler is large, and tsx would take half a minute to transform it.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [asc, entry, ...options, "--outFile"], // to stdout
    { encoding: "buffer", maxBuffer: 2 ** 24 },
  );
  await mkdir(kept, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, stdout);
  await rename(unfinished, file); // another process finds the whole of it or nothing
  return new Uint8Array(stdout);
}

/** The AssemblyScript that `entry` is made of: itself and what it imports, directly or not. */
export async function sourcesOf(entry: string): Promise<string[]> {
  const sources = new Set([resolve(entry)]);
  for (const source of sources) {
    const text = await readFile(source, "utf8");
    for (const [, name] of text.matchAll(/\bfrom "(\.[^"]*)"/g)) {
      sources.add(join(dirname(source), `${name}.ts`)); // a set is walked to its end, also while it grows
    }
  }
  return [...sources].sort();
}

/** A name for what the compiler makes of an entry. */
async function nameOf(entry: string, options: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([relative(root, resolve(entry)), options]));
  for (const source of [...(await sourcesOf(entry)), compiler]) {
    hash.update(`\n${relative(root, source)}\n`).update(await readFile(source));
  }
  return hash.digest("hex").slice(0, 32);
}
