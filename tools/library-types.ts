import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

// The last step of `npm run build`: the types of the package, in lib/types/, by tsconfig.library.json.

const root = resolve(import.meta.dirname, "..");
const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.library.json"];
const { status } = spawnSync(process.execPath, tsc, { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(1);

// The sources name each other with .ts, which TypeScript allows in a project of one's own and in no package. Types that it
// works out itself come from lit-html, which Lit brings with it and a project that installs Lit need not find.
const asPublished = (text: string) =>
  text
    .replaceAll(/((?:from|import) ?\(?"\.{1,2}\/[^"]*)\.ts"/g, '$1.js"')
    .replaceAll('import("lit-html")', 'import("lit")');

const types = resolve(root, "lib/types");
for (const file of readdirSync(types, { recursive: true, encoding: "utf8" })) {
  if (!file.endsWith(".d.ts")) continue;
  const path = resolve(types, file);
  writeFileSync(path, asPublished(readFileSync(path, "utf8")));
}
