import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

// `npm run third-party` writes THIRD-PARTY.md: what is in the page, the element and the package besides our own code.

const root = resolve(import.meta.dirname, "..");
export const PAGE = join(root, "THIRD-PARTY.md");

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const folderOf = (name: string) => join(root, "node_modules", name);
const packageIn = (folder: string): Package => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** What `name` needs, itself included, each once. */
function withDependencies(name: string, found = new Map<string, Package>()): Map<string, Package> {
  if (found.has(name)) return found;
  const read = packageIn(folderOf(name));
  found.set(name, read);
  for (const needed of Object.keys(read.dependencies ?? {})) withDependencies(needed, found);
  return found;
}

/** The first line of the licence that says whose the code is; packages without such a file say it in none. */
function copyrightOf(name: string): string {
  const file = readdirSync(folderOf(name)).find((each) => /^licen[sc]e/i.test(each));
  if (!file) return "no licence file";
  const line = readFileSync(join(folderOf(name), file), "utf8").match(
    /^.*copyright \(?c?\)?.*\d{4}.*$|^.*copyright \(c\).*$/im,
  );
  return line?.[0]?.trim().replaceAll("|", "\\|") ?? "none named";
}

/** The page's text. @throws for a package that does not say under which licence it is */
export function thirdParty(): string {
  const direct = Object.keys(packageIn(root).dependencies ?? {});
  const all = new Map(direct.flatMap((name) => [...withDependencies(name)]));
  const rows = [...all.values()]
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
    .map(({ name, version, license }) => {
      if (!license) throw new Error(`${name} does not say under which licence it is.`);
      const why = direct.includes(name) ? "direct" : "by another";
      return `| ${name} | ${version} | ${license} | ${why} | ${copyrightOf(name)} |`;
    });
  return `# What others wrote

${direct.length} packages are in the page, the element and the package beside our own code, and bring ${all.size - direct.length} more. This list is made by
\`npm run third-party\`; \`npm run sbom\` prints the same as CycloneDX. What only builds or tests is in package.json.

| package | version | licence | needed | copyright |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

if (process.argv[1]?.endsWith("third-party.ts")) writeFileSync(PAGE, thirdParty());
