import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  anchorsOf,
  brokenLinks,
  type Missing,
  missingFiles,
  missingPaths,
  type Tree,
  unknownCommands,
  unknownIdentifiers,
  wideLines,
} from "./docs.ts";
import { projectFiles } from "./project-files.ts";

const all = projectFiles();
const pages = all.filter((file) => file.endsWith(".md"));
const code = all.filter(
  (file) =>
    /\.(ts|wgsl|py|cjs|css|html|json)$/.test(file) &&
    !/(^tools\/docs|old-names|package-lock|^small-model\/parity)/.test(file),
);

const tree: Tree = {
  files: new Set(all),
  scripts: new Set(Object.keys(JSON.parse(readFileSync("package.json", "utf8")).scripts)),
  identifiers: new Set(code.flatMap((file) => readFileSync(file, "utf8").match(/[A-Za-z_$][\w$]*/g) ?? [])),
  read: (file) => readFileSync(file, "utf8"),
};

/** .editorconfig is the home of this number. */
const columns = Number(
  /\[\*\.md\]\nmax_line_length = (\d+)/.exec(readFileSync(".editorconfig", "utf8"))?.[1],
);

/** What was measured once speaks of the tree of its day. */
const isRecord = (page: string) => page.startsWith("bench/results/");

const checks: Record<string, (page: string, tree: Tree) => Missing[]> = {
  "links lead somewhere": brokenLinks,
  "paths exist": missingPaths,
  "files exist": missingFiles,
  "identifiers exist": unknownIdentifiers,
  "commands exist": unknownCommands,
  "lines are wrapped": (page, tree) => wideLines(page, columns, tree),
};

it("there are pages, code and a width to check", () => {
  expect(pages.length).toBeGreaterThan(15);
  expect(code.length).toBeGreaterThan(300);
  expect(columns).toBeGreaterThan(80);
});

describe.each(pages)("%s", (page) => {
  const held = Object.entries(checks).filter(([name]) => !isRecord(page) || name !== "identifiers exist");
  it.each(held)("%s", (_, check) => expect(check(page, tree)).toEqual([]));
});

describe("what is wrong is noticed", () => {
  const files = new Set(["src/gpu/mutex.ts", "docs/a.md", "docs/images/page.png", "README.md"]);
  const withPage = (text: string): Tree => ({
    files,
    scripts: new Set(["bench", "test"]),
    identifiers: new Set(["Mutex", "cache_len", "runSelfTest", "Gpu", "mutex"]),
    read: (file) => (file === "docs/a.md" ? text : "# Two words\n"),
  });
  const noticed = (check: string, text: string) =>
    checks[check]!("docs/a.md", withPage(text)).map(({ what }) => what);

  it.each([
    ["links lead somewhere", "[a](b.md)", "b.md"],
    ["links lead somewhere", "[a](../../README.md)", "../../README.md"],
    ["links lead somewhere", "[a](../README.md#three-words)", "../README.md#three-words"],
    ["links lead somewhere", "[a]\n\n[a]: b.md", "b.md"],
    ["paths exist", "`src/gpu/turns.ts`", "src/gpu/turns.ts"],
    ["paths exist", "```sh\nnpx tsx tools/no.ts\n```", "tools/no.ts"],
    ["paths exist", "`src/*.ts`", "src/*.ts"],
    ["paths exist", "`src/cpu/`", "src/cpu/"],
    ["files exist", "`turns.ts`", "turns.ts"],
    ["files exist", "`gpu/tex.ts`", "gpu/tex.ts"],
    ["identifiers exist", "`Gpu.turnsOf`", "turnsOf"],
    ["identifiers exist", "`live_of_all`", "live_of_all"],
    ["identifiers exist", "`chooseShapes(engine)`", "chooseShapes"],
    ["commands exist", "`npm run nothing -- -x`", "npm run nothing"],
    ["lines are wrapped", `a ${"b".repeat(columns)}`, `${columns + 2} columns`],
  ])("%s: %j", (check, text, what) => expect(noticed(check, text)).toEqual([what]));

  it.each([
    ["links lead somewhere", "[a](../README.md#two-words) [b](https://example.org) `[c](d.md)`"],
    ["paths exist", "`src/gpu/mutex.ts`, `src/gpu/`, `src/gpu/*.ts` and src/gpu/mutex.ts."],
    ["files exist", "`mutex.ts`, `gpu/mutex.ts`, `dist/next-token.js`"],
    [
      "identifiers exist",
      "`Mutex`, `Gpu.mutex`, `runSelfTest()`, `cache_len`, `plain`, `tiktoken.get_encoding`",
    ],
    ["commands exist", "`npm run bench`, `npm test -- gpu`"],
    ["lines are wrapped", `| ${"b ".repeat(columns)} |\n\n\`\`\`\n${"b ".repeat(columns)}\n\`\`\``],
  ])("%s: %j passes", (check, text) => expect(noticed(check, text)).toEqual([]));

  it("anchors are GitHub's", () => {
    expect([...anchorsOf("# One, two: `three`\n```\n# no\n```\n## snake_case")]).toEqual([
      "one-two-three",
      "snake_case",
    ]);
  });
});
