import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { propertyReaders } from "../src/lesson/settings.ts";
import { attributesIn, taggedIn, withTables } from "./embedding-tables.ts";

const page = readFileSync("docs/embedding.md", "utf8");
const element = readFileSync("src/ui/next-token.ts", "utf8");
const drawn = readdirSync("src/ui", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => readFileSync(`src/ui/${file}`, "utf8"))
  .join("\n");
const found = (pattern: RegExp, text: string) =>
  new Set([...text.matchAll(pattern)].map(([, name]) => name!));
const names = (tag: string) => new Set(taggedIn(element, tag).map(({ name }) => name));
/** All but the comments, which say the names as well. */
const code = drawn.replace(/\/\*\*(?:(?!\*\/)[\s\S])*\*\//g, "");

describe("docs/embedding.md", () => {
  it("has the tables that the code makes: npm run embedding-tables writes them", () => {
    expect(page).toBe(withTables(page));
  });

  it("is stale when anything in the code is called otherwise", () => {
    for (const [now, other] of [
      ["How many tokens a run appends.", "How long a run is."],
      ["@fires ready - ", "@fires is-ready - "],
      ["@csspart steps - ", "@csspart stations - "],
      ["@cssproperty --next-token-gap - ", "@cssproperty --next-token-room - "],
    ] as const) {
      expect(element).toContain(now);
      expect(withTables(page, element.replace(now, other)), now).not.toBe(page);
    }
  });
});

describe("what the element says of itself", () => {
  it("names every attribute that it reads", () => {
    const read = found(/@readProperty\(\{([^}]*)\}/g, element);
    expect(read.size).toBeGreaterThan(3);
    const without = [
      "prompts",
      "raggedPrompts",
      "kvCache",
      "sampling",
      "stopAtEndOfText",
      "destination",
      "row",
    ];
    expect(attributesIn(element)).toHaveLength(Object.keys(propertyReaders).length - without.length + 1);
    expect(attributesIn(element).find(({ name }) => name === "max-new-tokens")).toEqual({
      name: "max-new-tokens",
      meaning: "How many tokens a run appends",
      default: "`10`",
    });
  });

  it("names the events that there are", () => {
    const [, events] = /export interface SessionEvents \{([\s\S]*?)\n\}/.exec(
      readFileSync("src/lesson/session-state.ts", "utf8"),
    )!;
    expect(names("fires")).toEqual(found(/^ {2}"?([\w-]+)"?: /gm, events!));
  });

  it("names the parts, the slots and the properties that there are", () => {
    expect(names("csspart")).toEqual(found(/\spart="([\w-]+)"/g, code));
    expect(names("slot")).toEqual(new Set(["", ...found(/<slot name="([\w-]+)"/g, code)]));
    expect(names("cssproperty")).toEqual(found(/var\((--next-token-[\w-]+)/g, code));
  });
});
