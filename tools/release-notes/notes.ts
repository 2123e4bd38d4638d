import { createHash } from "node:crypto";

/** The sections of a changelog, newest first. */
const sectionsOf = (changelog: string) =>
  changelog
    .replaceAll("\r\n", "\n")
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = "", ...lines] = section.split("\n");
      return { title: title.trim(), text: lines.join("\n").trim() };
    });

/**
 * What CHANGELOG.md says of the version that `tag` releases.
 * @param version of package.json
 * @throws when the three do not agree, with a sentence that says what to do
 */
export function releaseNotes(tag: string, version: string, changelog: string): string {
  if (!/^v\d+\.\d+\.\d+$/.test(tag)) throw new Error(`A release's tag looks like v1.2.3, not ${tag}.`);
  if (tag !== `v${version}`)
    throw new Error(`The tag is ${tag}, and package.json is at ${version}: set its version, and tag that.`);

  const [first, ...older] = sectionsOf(changelog);
  const isUnreleased = first?.title === "Unreleased";
  if (isUnreleased && first.text)
    throw new Error(`CHANGELOG.md has lines under "Unreleased": they belong under "${version}".`);
  const newest = isUnreleased ? older[0] : first;
  if (newest?.title !== version)
    throw new Error(`The newest version of CHANGELOG.md is ${newest?.title ?? "missing"}, not ${version}.`);
  if (!newest.text) throw new Error(`CHANGELOG.md says nothing of ${version}.`);
  return newest.text;
}

/** What a script's `integrity` attribute says of these bytes. */
export const integrityOf = (bytes: Uint8Array): string =>
  `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
