import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

// docs/decisions/properties-written-once.md says why.

/** What writes a property of an element a second time: Lit's table of them, or a field that only says its type. */
const again =
  /^\s*static\s+(?:override\s+)?(?:get\s+)?properties\b|^\s*declare\s+(?:(?:private|protected|readonly)\s+)*\w+\??:/;
const linesIn = (source: string) =>
  source.split("\n").flatMap((line, i) => (again.test(line) ? [`${i + 1} ${line.trim()}`] : []));

it("no element writes a property twice", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (file) => /^(ui|page)\b.*\.ts$/.test(file) && !/\.(test|d)\.ts$/.test(file),
  );
  expect(sources.length).toBeGreaterThan(50);
  const found = sources.flatMap((file) =>
    linesIn(readFileSync(`src/${file}`, "utf8")).map((line) => `src/${file}:${line}`),
  );
  expect(found).toEqual([]);
});

it.each([
  "  static override properties = {",
  "  static properties = {",
  "  static override get properties() {",
  "  declare made: number;",
  "  declare protected open: boolean;",
  "  declare private status?: string;",
])("notices %j", (line) => expect(linesIn(`\n${line}`)).toHaveLength(1));

it.each([
  "declare global {",
  "  @state() accessor open = false;",
  "  // declare it: once",
  "  static override styles = [",
])("lets %j pass", (line) => expect(linesIn(line)).toEqual([]));
