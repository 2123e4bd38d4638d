import { describe, expect, it } from "vitest";
import { integrityOf, releaseNotes } from "./notes.ts";

const changelog = `# Changelog

## Unreleased

## 1.2.0

- A new thing,
  on two lines.
- Another.

## 1.1.0

- An old thing.
`;

describe("what a release brings", () => {
  const notes = "- A new thing,\n  on two lines.\n- Another.";

  it("is the section of its version, and no other", () => {
    expect(releaseNotes("v1.2.0", "1.2.0", changelog)).toBe(notes);
  });

  it.each([
    ["nothing is called unreleased", changelog.replace("## Unreleased\n\n", "")],
    ["lines end as on Windows", changelog.replaceAll("\n", "\r\n")],
    ["it is the only version", changelog.replace(/## 1\.1\.0[\s\S]*/, "")],
  ])("is the same where %s", (_, text) => expect(releaseNotes("v1.2.0", "1.2.0", text)).toBe(notes));
});

describe("refuses", () => {
  it.each([
    ["a tag without its v", "1.2.0", "1.2.0", changelog, /looks like v1\.2\.3/],
    ["a tag with more than a version", "v1.2.0-rc.1", "1.2.0-rc.1", changelog, /looks like v1\.2\.3/],
    ["another version in package.json", "v1.2.0", "1.1.0", changelog, /package\.json is at 1\.1\.0/],
    ["a version that is not the newest", "v1.1.0", "1.1.0", changelog, /is 1\.2\.0, not 1\.1\.0/],
    [
      "a version that begins alike",
      "v1.2.0",
      "1.2.0",
      changelog.replace("## 1.2.0", "## 1.2.01"),
      /1\.2\.01/,
    ],
    [
      "lines that nobody released",
      "v1.2.0",
      "1.2.0",
      changelog.replace("Unreleased", "Unreleased\n\n- A"),
      /Unreleased/,
    ],
    ["a version without a word", "v1.2.0", "1.2.0", "## 1.2.0\n\n## 1.1.0\n\n- A\n", /says nothing/],
    ["a changelog without versions", "v1.2.0", "1.2.0", "# Changelog\n", /is missing/],
  ])("%s", (_, tag, version, text, reason) => {
    expect(() => releaseNotes(tag, version, text)).toThrow(reason);
  });
});

it("writes a hash as the integrity attribute takes it", () => {
  expect(integrityOf(new TextEncoder().encode("alert('Hello, world.');"))).toBe(
    "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO",
  );
});
