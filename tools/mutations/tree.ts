import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Mutation } from "./mutation.ts";

/** A copy of the working tree, to be broken: the tree itself is never touched. */
export class Tree {
  readonly folder = mkdtempSync(join(tmpdir(), "next-token-mutations-"));

  /** Copies what git tracks or would track. Dependencies are linked, so that the copy has a cache of its own. */
  constructor(root: string) {
    const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
    });
    for (const file of list.split("\0").filter(Boolean)) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(root, file), join(this.folder, file), { force: true });
    }
    const modules = join(root, "node_modules");
    mkdirSync(join(this.folder, "node_modules"));
    for (const name of readdirSync(modules)) {
      if (name.startsWith(".vite") || name === ".cache") continue;
      symlinkSync(join(modules, name), join(this.folder, "node_modules", name), "junction");
    }
  }

  /** How often the text that a mutation looks for stands in its file; it has to be once. */
  count({ file, find }: Mutation): number {
    return readFileSync(join(this.folder, file), "utf8").split(find).length - 1;
  }

  /** Breaks the copy; the function that comes back mends it. */
  apply({ file, find, replace }: Mutation): () => void {
    const path = join(this.folder, file);
    const sound = readFileSync(path, "utf8");
    writeFileSync(
      path,
      sound.replace(find, () => replace),
    );
    return () => writeFileSync(path, sound);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
