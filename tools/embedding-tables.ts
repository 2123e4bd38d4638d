import { readFileSync, writeFileSync } from "node:fs";
import { controlTable } from "../src/lesson/control-names.ts";
import { panelTable } from "../src/lesson/panel-names.ts";
import { propertyReaders } from "../src/lesson/settings.ts";

// The tables of docs/embedding.md, from what the code says of itself: `npm run embedding-tables` writes them anew.

const PAGE = "docs/embedding.md";
const ELEMENT = "src/ui/next-token.ts";

interface Entry {
  name: string;
  meaning: string;
}

export interface Attribute extends Entry {
  default: string;
}

/** The attributes of the element: its properties that have one, with their comments and defaults. */
export function attributesIn(source: string): Attribute[] {
  const comment = String.raw`\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n`;
  const read = new RegExp(`${comment}  @readProperty\\(\\{([^\\n]*)\\}\\) accessor (\\w+)`, "g");
  const prompt = new RegExp(`${comment}  get prompt\\(`).exec(source)!;
  const others = [...source.matchAll(read)].flatMap(([, meaning, options, property]) => {
    if (/attribute: false|state: true/.test(options!)) return [];
    const name = /attribute: "([\w-]+)"/.exec(options!)?.[1] ?? property!.toLowerCase();
    const standard = defaultOf(propertyReaders[property as keyof typeof propertyReaders](undefined));
    return [{ name, meaning: oneLine(meaning!), default: standard }];
  });
  return [{ name: "prompt", meaning: oneLine(prompt[1]!), default: "empty" }, ...others];
}

function defaultOf(value: unknown): string {
  if (value === false) return "absent";
  if (Array.isArray(value)) return value.length > 0 ? "all" : "none";
  return value === "" ? "none" : `\`${value}\``;
}

/** What the comment of the element's class says behind a tag, such as `@fires token - what it tells`. */
export function taggedIn(source: string, tag: string): Entry[] {
  const [, comment] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport class NextToken/.exec(source)!;
  const said = comment!.split(/^ \* (?=@)/m).map(oneLine);
  return said.flatMap((text) => {
    const [, found, name, meaning] = /^@(\w+) ?([\w-]*) - (.*)$/.exec(text) ?? [];
    return found === tag ? [{ name: name!, meaning: meaning! }] : [];
  });
}

const oneLine = (comment: string): string =>
  comment
    .replace(/^ *\* ?/gm, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\.$/, "");

const cell = (text: string): string => text.replaceAll("|", "\\|");

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows.map((row) => row.map(cell))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n")
    .replace(/^\| ---.*$/m, `|${"---|".repeat(heads.length)}`);

const entries = (what: string, all: readonly Entry[]): string =>
  table(
    [what, "meaning"],
    all.map(({ name, meaning }) => [name ? `\`${name}\`` : "(none)", meaning]),
  );

const namesOf = (names: Readonly<Record<string, string>>): Entry[] =>
  Object.entries(names).map(([name, meaning]) => ({ name, meaning }));

/** All tables by the names of their places in the page. */
function tablesOf(source: string): Record<string, string> {
  const attributes = attributesIn(source).map((each) => [`\`${each.name}\``, each.meaning, each.default]);
  return {
    attributes: table(["attribute", "meaning", "default"], attributes),
    panels: entries("panel", namesOf(panelTable)),
    controls: entries("control", namesOf(controlTable)),
    events: entries("event", taggedIn(source, "fires")),
    slots: entries("slot", taggedIn(source, "slot")),
    parts: entries("part", taggedIn(source, "csspart")),
    properties: entries("property", taggedIn(source, "cssproperty")),
  };
}

/** The page with its tables as the code says them now; each stands between two comments that name it. */
export function withTables(page: string, source = readFileSync(ELEMENT, "utf8")): string {
  return Object.entries(tablesOf(source)).reduce((text, [name, made]) => {
    const [begin, end] = [`<!-- ${name}: made by tools/embedding-tables.ts -->\n`, `<!-- end of ${name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`${PAGE} has no place for the ${name}.`);
    return `${text.slice(0, from + begin.length)}\n${made}\n\n${text.slice(to)}`;
  }, page);
}

if (process.argv[1]?.endsWith("embedding-tables.ts")) {
  writeFileSync(PAGE, withTables(readFileSync(PAGE, "utf8")));
  console.log(`${PAGE} has its tables.`);
}
