import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Somebody's project that has installed the package, outside this repository. */
export interface Stranger {
  folder: string;
  /** The file that `npm pack` makes, and npm would publish. */
  tarball: string;
  write(file: string, text: string): void;
  /** What a program of Node says; throws with that when it fails. */
  node(...args: string[]): string;
  remove(): void;
}

/** Installs what `npm pack` makes. What the package depends on is taken from this repository, so no network is needed. */
export function stranger(): Stranger {
  const folder = mkdtempSync(join(tmpdir(), "next-token-package-"));
  const installed = join(folder, "node_modules/next-token");
  mkdirSync(installed, { recursive: true });
  run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], root);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!);
  run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"], folder);
  for (const name of ["lit", "js-tiktoken", "@noble"])
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "junction");
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  write("package.json", JSON.stringify({ name: "stranger", private: true, type: "module" }));
  return {
    folder,
    tarball,
    write,
    node: (...args) => run(process.execPath, args, folder),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** A program of this repository's node_modules. */
export const programPath = (path: string): string => join(root, "node_modules", path);

function run(program: string, args: string[], cwd: string): string {
  const shell = process.platform === "win32" && program === "npm"; // npm is a batch file there
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, shell, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error ?? stdout + stderr}`);
  return stdout;
}
