import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";

/** Folders that no repository keeps, for a copy that git does not know. */
const ignored = /(^|\/)(\.git|node_modules|dist|dist-bench|test-results|playwright-report|\.cache)\//;

/** The project's files, from the root: what git tracks or would track; in a copy without git, what is there. */
export function projectFiles(): string[] {
  const files = existsSync(".git")
    ? execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
        encoding: "utf8",
      }).split("\0")
    : readdirSync(".", { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => `${parentPath}/${name}`.replaceAll("\\", "/").replace(/^\.\//, ""));
  return files.filter(
    (file) => file !== "" && !ignored.test(file) && statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
}
