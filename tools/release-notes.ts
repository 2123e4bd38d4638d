/**
 * Says what a release brings, for its tag, and refuses a tag that does not agree with package.json and CHANGELOG.md:
 *
 *     npx tsx tools/release-notes.ts v1.2.3 dist/next-token.js
 *
 * Of the files after the tag it adds the hashes that an `integrity` attribute takes.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { integrityOf, releaseNotes } from "./release-notes/notes.ts";

const [tag, ...files] = process.argv.slice(2);
if (!tag) {
  console.error("Say the tag of the release: npx tsx tools/release-notes.ts v1.2.3 [FILE ...]");
  process.exit(2);
}
try {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  console.log(releaseNotes(tag, version, readFileSync("CHANGELOG.md", "utf8")));
  if (files.length > 0) console.log("\n| file | integrity |\n|---|---|");
  for (const file of files) console.log(`| ${basename(file)} | \`${integrityOf(readFileSync(file))}\` |`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
