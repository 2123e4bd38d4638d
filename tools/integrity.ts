import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { integrityOf } from "./release-notes/notes.ts";

// The last step of the element's build: dist/integrity.json, with a hash of each file that a page of another site loads,
// as the attribute `integrity` of a script wants it.

const dist = resolve(import.meta.dirname, "../dist");

const filesIn = (folder: string) => readdirSync(join(dist, folder)).map((name) => `${folder}/${name}`);
const files = ["next-token.js", ...filesIn("chunks"), ...filesIn("small-model")].sort();

const integrity = Object.fromEntries(
  files.map((file) => [file, integrityOf(readFileSync(join(dist, file)))]),
);
writeFileSync(join(dist, "integrity.json"), `${JSON.stringify(integrity, null, 2)}\n`);
