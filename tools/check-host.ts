/**
 * Asks a server for a checkpoint as a page would, and says what it does wrong:
 *
 *     npx tsx tools/check-host.ts https://course.example/models/gpt2/model.safetensors https://course.example
 *
 * The second address is that of the page; without it the file's own site is taken.
 */
import { ask } from "./check-host/ask.ts";
import { findingsOf, PART_FROM } from "./check-host/findings.ts";

const [file, page = file] = process.argv.slice(2);
if (!file || !URL.canParse(file) || !URL.canParse(page!) || !/^https?:/.test(file)) {
  console.error("Say the address of the file, and that of the page: npx tsx tools/check-host.ts FILE [PAGE]");
  process.exit(2);
}
const address = new URL(file);
const { origin } = new URL(page!);
try {
  const plain = { "accept-encoding": "identity" };
  const answers = {
    whole: await ask(address, origin, plain),
    part: await ask(address, origin, { ...plain, range: `bytes=${PART_FROM}-` }),
    packed: await ask(address, origin, { "accept-encoding": "gzip, br, zstd" }),
  };
  const findings = findingsOf(address, origin, answers);
  for (const { kind, sentence } of findings)
    console.log(`${kind === "wrong" ? "Wrong" : "Slow"}: ${sentence}`);
  if (findings.length === 0) console.log("A page can read this file, in parts, and knows how long it is.");
  process.exitCode = findings.some(({ kind }) => kind === "wrong") ? 1 : 0;
} catch (error) {
  console.error(`Wrong: ${address.host} cannot be reached: ${(error as Error).message}.`);
  process.exitCode = 1;
}
