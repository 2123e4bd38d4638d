import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

// The last step of the element's build: dist/integrity.json, with a hash of each file that a page of another site loads,
// as the attribute `integrity` of a script wants it.

const dist = resolve(import.meta.dirname, "../dist");

const filesIn = (folder: string) => readdirSync(join(dist, folder)).map((name) => `${folder}/${name}`);
const files = ["next-token.js", ...filesIn("chunks"), ...filesIn("small-model")].sort();

const hashOf = (file: string) =>
  `sha384-${createHash("sha384")
    .update(readFileSync(join(dist, file)))
    .digest("base64")}`;

const integrity = Object.fromEntries(files.map((file) => [file, hashOf(file)]));
writeFileSync(join(dist, "integrity.json"), `${JSON.stringify(integrity, null, 2)}\n`);
